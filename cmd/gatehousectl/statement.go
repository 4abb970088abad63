package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gatehouse/desk"
	"gatehouse/desk/safe"
	"gatehouse/desk/safe/statement"
)

func statementVerb() verb {
	return verb{name: "statement", args: "FILE --data DIR --bank ID --by WHO", short: "a bank's statement as a line to play",
		long: `Reads a bank's statement, BAI2 or CSV with the columns that the policy names for the
bank, refuses it whole if it contradicts itself, and writes the line that records
it; gatehousectl play takes that line, and finds the deposits among it:

  gatehousectl statement july.bai --data DIR --bank first --by ruth > july.jsonl
  gatehousectl play july.jsonl --data DIR`,
		run: runStatement}
}

// maxStatement is the largest file that is read, in bytes.
const maxStatement = 16 << 20

func runStatement(_ context.Context, c *call) error {
	data := c.flags.String("data", "", "`DIR` with policy.toml")
	id := c.flags.String("bank", "", "`ID` of the bank, as in the policy")
	by := c.flags.String("by", "", "staff id of `WHO` records it")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("data", "bank", "by"); err != nil {
		return err
	}
	policy, err := desk.LoadPolicy(filepath.Join(*data, "policy.toml"))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(policy.Safe.Banks, func(b safe.Bank) bool { return b.ID == *id })
	if at < 0 {
		return usage("the policy has no bank %.30q", *id)
	}
	lines, err := readStatement(args[0], policy.Safe.Banks[at])
	if err != nil {
		return err
	}
	return json.NewEncoder(c.Stdout).Encode(struct {
		Do    string      `json:"do"`
		By    string      `json:"by"`
		Bank  string      `json:"bank"`
		File  string      `json:"file"`
		Lines []safe.Line `json:"lines"`
	}{"safe.record_statement", *by, *id, filepath.Base(args[0]), lines})
}

// readStatement reads either form: a BAI2 file begins with its record 01.
func readStatement(path string, bank safe.Bank) ([]safe.Line, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the statement: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxStatement+1))
	if err != nil {
		return nil, fmt.Errorf("read the statement: %w", err)
	}
	if len(text) > maxStatement {
		return nil, fmt.Errorf("read the statement: it has more than %d bytes", maxStatement)
	}
	if bytes.HasPrefix(text, []byte("01,")) {
		return statement.BAI2(bytes.NewReader(text), digits(bank.Account))
	}
	return statement.CSV(bytes.NewReader(text), bank.Statement)
}

// digits are those of an account's name, such as "ending 4410".
func digits(text string) string {
	var out []byte
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			out = append(out, text[i])
		}
	}
	return string(out)
}
