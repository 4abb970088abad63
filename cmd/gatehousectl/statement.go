package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gatehouse/desk"
	"gatehouse/desk/reference"
	"gatehouse/desk/safe"
	"gatehouse/desk/safe/statement"
	"gatehouse/desk/staff"
)

func statementVerb() verb {
	return verb{name: "statement", args: "FILE --data DIR --bank ID --by WHO", short: "a bank's statement as a line to play",
		long: `Reads a bank's statement, BAI2 or CSV with the columns that the policy names for the
bank, refuses it whole if it contradicts itself, and writes the line that records
it; gatehousectl play takes that line, and finds the deposits among it:

  gatehousectl statement july.bai --data DIR --bank first --by ruth > july.line
  echo '{"do":"staff.sign_in","by":"ruth","pin":"314159"}' | cat - july.line > july.jsonl
  gatehousectl play july.jsonl --data DIR

Who records it must be signed in at the station before: the second line does so. It
is somebody of the roster with the right to bank the money. Lines that are no deposit
are in the report transit until somebody matches them.`,
		run: runStatement}
}

// maxStatement is the largest file that is read, in bytes.
const maxStatement = 16 << 20

func runStatement(_ context.Context, c *call) error {
	data := c.flags.String("data", "", "`DIR` with policy.toml and ref.db")
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
	if err := mayBank(*data, policy.Staff, staff.ID(*by)); err != nil {
		return err
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

// mayBank refuses who is not on the roster, or may not bank the money, before a line is
// written that the desk would refuse.
func mayBank(data string, policy staff.Policy, who staff.ID) (err error) {
	store, err := reference.Open(filepath.Join(data, "ref.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	person, found, err := staff.StoredRoster{Store: store}.Person(who)
	switch {
	case err != nil:
		return fmt.Errorf("look for %s on the roster: %w", who, err)
	case !found || person.Retired:
		return usage("--by: nobody on the roster is called %.40q; it is a staff id, such as at the sign-in", who)
	case !policy.May(person.Role, staff.Bank):
		return usage("--by: %s may not bank the money; somebody with that right records a statement", person.Name)
	}
	return nil
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
