package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// summary says what was done and what was checked.
type summary struct {
	Began  time.Time `json:"began"`
	Ended  time.Time `json:"ended"`
	Steps  []did     `json:"steps"`
	Checks []check   `json:"checks"`
	Fault  string    `json:"fault,omitempty"` // why the day was not played to its end

	now    func() time.Time
	title  string
	leaves string // what lies beside it, for people
}

type did struct {
	Step    string `json:"step"`
	Seconds string `json:"seconds"`
}

// check is one thing that must hold, with what was seen.
type check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Seen string `json:"seen"`
}

func newSummary(now func() time.Time, title, leaves string) *summary {
	return &summary{now: now, Began: now(), title: title, leaves: leaves}
}

// did notes a step, and says it to who watches.
func (s *summary) did(step string, took time.Duration) {
	s.Steps = append(s.Steps, did{step, fmt.Sprintf("%.1f", took.Seconds())})
	fmt.Printf("%5.1f s  %s\n", s.now().Sub(s.Began).Seconds(), step)
}

// holds notes a check.
func (s *summary) holds(name string, ok bool, seen string, args ...any) {
	s.Checks = append(s.Checks, check{name, ok, fmt.Sprintf(seen, args...)})
	mark := "ok    "
	if !ok {
		mark = "FAILED"
	}
	fmt.Printf("  %s  %s: %s\n", mark, name, fmt.Sprintf(seen, args...))
}

func (s *summary) failed() (n int) {
	for _, c := range s.Checks {
		if !c.OK {
			n++
		}
	}
	return n
}

func (s *summary) end(err error) {
	s.Ended = s.now()
	if err != nil {
		s.Fault = err.Error()
	}
}

func (s *summary) short() string {
	if s.Fault != "" {
		return "The day was not played to its end.\n"
	}
	return fmt.Sprintf("%d steps, %d checks, %d did not hold, %.0f s.\n", len(s.Steps), len(s.Checks), s.failed(), s.Ended.Sub(s.Began).Seconds())
}

// write leaves the summary for people and for programs.
func (s *summary) write(out string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "summary.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, marker), []byte(s.page()), 0o644)
}

func (s *summary) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", s.title, s.short())
	if s.Fault != "" {
		fmt.Fprintf(&b, "```\n%s\n```\n\n", s.Fault)
	}
	b.WriteString("## What was done\n\n| step | seconds |\n|---|---:|\n")
	for _, d := range s.Steps {
		fmt.Fprintf(&b, "| %s | %s |\n", d.Step, d.Seconds)
	}
	b.WriteString("\n## What was checked\n\n| check | holds | seen |\n|---|---|---|\n")
	for _, c := range s.Checks {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, map[bool]string{true: "yes", false: "**no**"}[c.OK], strings.ReplaceAll(c.Seen, "|", "\\|"))
	}
	b.WriteString(s.leaves)
	return b.String()
}

// finish writes the summary, says in a line how it went, and is the error that the
// program ends with: err, or that something did not hold.
func (s *summary) finish(out string, err error) error {
	s.end(err)
	if wrote := s.write(out); wrote != nil {
		return errors.Join(err, wrote)
	}
	fmt.Printf("\n%s", s.short())
	fmt.Printf("All of it is in %s; begin with %s.\n", out, marker)
	if err == nil && s.failed() > 0 {
		err = fmt.Errorf("%d of %d checks did not hold", s.failed(), len(s.Checks))
	}
	return err
}
