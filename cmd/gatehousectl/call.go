package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// call is one use of a verb.
type call struct {
	*Main
	verb  verb
	flags *flag.FlagSet
	args  []string
}

// parse reads the flags, which may stand before and after the other arguments,
// and returns those: at least least, at most most.
func (c *call) parse(least, most int) ([]string, error) {
	var out []string
	rest := c.args
	for {
		if err := c.flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usage("%v", err)
		}
		if c.flags.NArg() == 0 {
			break
		}
		out, rest = append(out, c.flags.Arg(0)), c.flags.Args()[1:]
	}
	switch {
	case len(out) < least:
		return nil, usage("something is missing")
	case len(out) > most:
		return nil, usage("what is %.40q?", out[most])
	}
	return out, nil
}

// needed refuses flags that were left empty.
func (c *call) needed(names ...string) error {
	for _, name := range names {
		if c.flags.Lookup(name).Value.String() == "" {
			return usage("--%s is missing", name)
		}
	}
	return nil
}

// help explains the verb.
func (c *call) help() {
	fmt.Fprintf(c.Stdout, "gatehousectl %s %s\n\n%s\n", c.verb.name, c.verb.args, strings.TrimSpace(c.verb.long))
	first := true
	c.flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprintln(c.Stdout)
			first = false
		}
		value, doc := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if len(f.Name) == 1 {
			name = "-" + f.Name
		}
		if value != "" {
			name += " " + value
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			doc += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(c.Stdout, "  %-22s %s\n", name, doc)
	})
}

// overview lists the verbs.
func (m *Main) overview(w io.Writer) {
	fmt.Fprint(w, "gatehousectl looks after the ledgers of Gatehouse.\n\n")
	for _, v := range verbs() {
		if !v.hidden {
			fmt.Fprintf(w, "  %-16s %s\n", v.name, v.short)
		}
	}
	fmt.Fprint(w, "\ngatehousectl VERB --help explains a verb.\n")
}
