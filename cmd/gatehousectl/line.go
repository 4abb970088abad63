package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// line is one command of a script.
type line struct {
	order desk.Order
	named bool // it brought its own id
}

// around are the fields that every command may have, beside its own.
type around struct {
	Do          string    `json:"do"`
	By          staff.ID  `json:"by"`
	PIN         string    `json:"pin"`
	Approver    staff.ID  `json:"approver"`
	ApproverPIN string    `json:"approver_pin"`
	ID          string    `json:"id"`
	At          time.Time `json:"at"`
}

// aroundFields documents them.
func aroundFields() []desk.Field {
	return []desk.Field{
		{Name: "do", Type: "text", Doc: "the command"},
		{Name: "by", Type: "text", Doc: "id of who gives it, as on the roster; \"kiosk\" for a visitor at a kiosk"},
		{Name: "pin", Type: "text", Doc: "their PIN; staff.sign_in asks for it and nothing else", Optional: true},
		{Name: "approver", Type: "text", Doc: "id of the second person, where one must approve", Optional: true},
		{Name: "approver_pin", Type: "text", Doc: "the second person's PIN", Optional: true},
		{Name: "id", Type: "text", Doc: "UUID of this action; without it one is made, see play --help", Optional: true},
		{Name: "at", Type: "text", Doc: "time of it, like 2026-11-23T09:30:00-08:00; only a training ledger takes it", Optional: true},
	}
}

// readLine reads a line without its end and without blanks around it. Of one
// that is too long, the rest is thrown away.
func readLine(r *bufio.Reader) (text []byte, tooLong bool, err error) {
	text, err = r.ReadSlice('\n')
	text = bytes.TrimSpace(bytes.Clone(text))
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		_, err = r.ReadSlice('\n')
	}
	return text, tooLong, err
}

// parse reads a command and gives it its id.
func (p *player) parse(text []byte, ids *namer) (line, error) {
	if err := noFieldTwice(text); err != nil {
		return line{}, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
		return line{}, errors.New("the line is not a JSON object")
	}
	a, err := takeAround(fields)
	if err != nil {
		return line{}, err
	}
	spec := p.commands[a.Do]
	if spec == nil {
		return line{}, fmt.Errorf("there is no command %.60q; gatehousectl play --list has them all", a.Do)
	}
	if err := checkFields(spec.Fields, fields, ""); err != nil {
		return line{}, err
	}
	command := spec.New()
	own, err := json.Marshal(fields)
	if err == nil {
		err = json.Unmarshal(own, command)
	}
	if err != nil {
		return line{}, readable(err)
	}
	id, err := ids.id(a, own)
	if err != nil {
		return line{}, err
	}
	return line{named: a.ID != "", order: desk.Order{ID: id, By: a.By, PIN: a.PIN, Approver: a.Approver, ApproverPIN: a.ApproverPIN, At: a.At,
		Do: reflect.ValueOf(command).Elem().Interface()}}, nil
}

// takeAround takes the fields of every command out of fields; the command's own
// stay.
func takeAround(fields map[string]json.RawMessage) (a around, err error) {
	taken := make(map[string]json.RawMessage)
	for _, f := range aroundFields() {
		if v, there := fields[f.Name]; there {
			taken[f.Name] = v
			delete(fields, f.Name)
		} else if !f.Optional {
			return a, fmt.Errorf("the field %q is missing", f.Name)
		}
	}
	text, err := json.Marshal(taken)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		return a, readable(err)
	}
	return a, nil
}

// checkFields refuses fields that a command does not have, and misses those it
// needs: a misspelt field must not become an empty one.
func checkFields(known []desk.Field, given map[string]json.RawMessage, in string) error {
	for name := range given {
		if !slices.ContainsFunc(known, func(f desk.Field) bool { return f.Name == name }) {
			return fmt.Errorf("there is no field %.60q here", in+name)
		}
	}
	for _, f := range known {
		value, there := given[f.Name]
		if !there && !f.Optional {
			return fmt.Errorf("the field %q is missing", in+f.Name)
		}
		if !there || len(f.Fields) == 0 {
			continue
		}
		var items []map[string]json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil {
			return fmt.Errorf("the field %q is a list of objects", in+f.Name)
		}
		for i, item := range items {
			if err := checkFields(f.Fields, item, fmt.Sprintf("%s%s[%d].", in, f.Name, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readable says what is wrong with a value. A refusal, of an amount, stays one.
func readable(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Type == reflect.TypeFor[ledger.Cents]() {
		return fmt.Errorf("the field %q is an amount in quotes, like \"188.20\"", wrong.Field)
	}
	return fmt.Errorf("the field %q cannot be a %s", wrong.Field, wrong.Value)
}

// noFieldTwice refuses an object that has a field twice: nobody can know which
// of the two was meant.
func noFieldTwice(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if err := oneValue(d); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one JSON object on the line")
	}
	return nil
}

func oneValue(d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return errors.New("the line is not a JSON object")
	}
	seen := make(map[string]bool)
	switch token {
	case json.Delim('{'):
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return errors.New("the line is not a JSON object")
			}
			lower := strings.ToLower(fmt.Sprint(name))
			if seen[lower] {
				return fmt.Errorf("the field %.60q is there twice", name)
			}
			seen[lower] = true
			if err := oneValue(d); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for d.More() {
			if err := oneValue(d); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	if _, err := d.Token(); err != nil {
		return errors.New("the line is not a JSON object")
	}
	return nil
}
