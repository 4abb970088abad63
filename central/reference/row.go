package reference

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gatehouse/desk/account"
	"gatehouse/desk/account/directory"
	"gatehouse/desk/card"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// cells are one line, read field by field. The first thing that is wrong stays.
type cells struct {
	m     *Mapping
	at    *columns
	parts []string
	bad   *Refusal
}

func (c *cells) refuse(name, why string) {
	if c.bad != nil {
		return
	}
	c.bad = &Refusal{Why: why}
	if at := c.at.fields[name]; len(at) > 0 {
		c.bad.Column, c.bad.Value = c.at.titles[at[0]], c.parts[at[0]]
	}
}

// text puts the columns of a field together, and puts our word for the file's.
func (c *cells) text(name string, most int) string {
	var parts []string
	for _, i := range c.at.fields[name] {
		if part := strings.TrimSpace(c.parts[i]); part != "" {
			parts = append(parts, part)
		}
	}
	value := strings.Join(parts, " ")
	if words := c.m.Values[name]; words != nil {
		ours, known := words[value]
		if !known {
			c.refuse(name, "the mapping has no word for this value")
		}
		value = ours
	}
	switch {
	case len(value) > most:
		c.refuse(name, fmt.Sprintf("more than %d bytes", most))
	case strings.ContainsFunc(value, unicode.IsControl):
		c.refuse(name, "characters that cannot be printed")
	case card.In(value):
		c.refuse(name, "this looks like the number of a payment card, which is kept nowhere")
		if c.bad != nil {
			c.bad.Value = "" // nor in a report
		}
	}
	return value
}

func (c *cells) money(name string) ledger.Cents {
	at := c.at.fields[name]
	if len(at) == 0 {
		return 0
	}
	cents, err := amount(c.parts[at[0]], c.m.Money)
	if err != nil {
		c.refuse(name, err.Error())
	}
	return cents
}

func (c *cells) date(name string) ledger.Date {
	at := c.at.fields[name]
	if len(at) == 0 {
		return 0
	}
	d, err := day(c.parts[at[0]], c.m.Date)
	if err != nil {
		c.refuse(name, err.Error())
	}
	return d
}

func (c *cells) flag(name string) bool {
	i, ok := c.at.flags[name]
	return ok && slices.Contains(c.m.Flags[name].Values, strings.TrimSpace(c.parts[i]))
}

// Bounds of fields, in bytes.
const (
	maxName    = directory.MaxNameBytes
	maxText    = 200
	maxOwn     = 50 // accounts
	maxPINHash = 200
)

// row makes a record of a line, or says what is wrong with it.
func (m *Mapping) row(at *columns, parts []string) (row, *Refusal) {
	c := &cells{m: m, at: at, parts: parts}
	var key string
	var record any
	switch m.Feed {
	case account.Feed:
		key, record = c.customer()
	default:
		key, record = c.person()
	}
	if c.bad != nil {
		return row{}, c.bad
	}
	value, err := ledger.Pack(record)
	if err != nil {
		return row{}, &Refusal{Why: err.Error()}
	}
	return row{key: key, value: value}, nil
}

func (c *cells) customer() (string, account.Customer) {
	out := account.Customer{
		No: account.No(c.text("no", maxText)), Name: c.text("name", maxName), Service: c.text("service", maxText),
		Phone: c.text("phone", maxText), Meter: c.text("meter", maxText),
		PastDue: c.money("past_due"), Penalties: c.money("penalties"), Current: c.money("current"),
		DueBy: c.date("due_by"), LateSince: c.date("late_since"), NoChecksUntil: c.date("no_checks_until"), ShutOff: c.date("shut_off"),
		Closed: c.flag("closed"), Note: c.text("note", maxText),
	}
	if err := account.CheckNo(out.No); err != nil {
		c.refuse("no", "not an account number: want 1 to 32 letters, digits and hyphens")
	}
	if out.Name == "" {
		c.refuse("name", "no name")
	}
	if out.PastDue < 0 || out.Penalties < 0 {
		c.refuse("past_due", "what is past due, and penalties, are not below zero: a credit stands in current")
	}
	return string(out.No), out
}

func (c *cells) person() (string, staff.Person) {
	out := staff.Person{ID: staff.ID(c.text("id", maxText)), Name: c.text("name", maxName), Role: staff.Role(c.text("role", maxText)),
		PIN: c.text("pin", maxPINHash), Retired: c.flag("retired")}
	if at := c.at.fields["own"]; len(at) > 0 {
		for no := range strings.SplitSeq(c.parts[at[0]], c.m.List) {
			if no = strings.TrimSpace(no); no == "" {
				continue
			}
			if account.CheckNo(account.No(no)) != nil || len(out.Own) == maxOwn {
				c.refuse("own", fmt.Sprintf("want at most %d account numbers", maxOwn))
			}
			out.Own = append(out.Own, no)
		}
	}
	if field, err := out.Check(); err != nil {
		c.refuse(field, err.Error())
		if field == "pin" && c.bad != nil {
			c.bad.Value = "" // it may be a PIN
		}
	}
	return string(out.ID), out
}
