package console

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// paymentRow is what the list of payments shows. It is empty when the body is
// not one this program reads; the entry is shown all the same.
type paymentRow struct {
	What     string // "payment", "void" or "reversal"
	Of       uint64 // the entry that a void or reversal undoes
	Cashier  string
	Accounts []string
	Tenders  []string
	Offline  bool
}

func readPayment(e *ledger.Entry) paymentRow {
	if e.Kind == cash.KindPayment {
		p, err := ledger.Unpack[cash.Payment](e)
		if err != nil {
			return paymentRow{What: "payment"}
		}
		return paymentRow{"payment", 0, p.Cashier, accounts(p.Parts), tenders(p.Tenders), p.Offline}
	}
	what := "void"
	if e.Kind == cash.KindReversal {
		what = "reversal"
	}
	u, err := ledger.Unpack[cash.Undone](e)
	if err != nil {
		return paymentRow{What: what}
	}
	return paymentRow{what, u.Of, u.Cashier, accounts(u.Parts), tenders(u.Tenders), false}
}

func accounts(parts []cash.Part) []string {
	var out []string
	for _, p := range parts {
		out = append(out, strings.TrimSpace(string(p.Account)+" "+p.Name))
	}
	return out
}

func tenders(given []cash.Tender) []string {
	var out []string
	for _, t := range given {
		text := string(t.Kind) + " " + t.Amount.String()
		if t.LastFour != "" {
			text += " ·" + t.LastFour
		} else if t.Number != "" {
			text += " no. " + t.Number
		}
		out = append(out, text)
	}
	return out
}

// field is one thing a body says.
type field struct{ Name, Value string }

// says lists the plain fields of a body, whatever its kind.
func says(e *ledger.Entry) []field {
	body, err := ledger.Unpack[map[string]any](e)
	if err != nil {
		return nil
	}
	var out []field
	for name, value := range body {
		switch value.(type) {
		case string, bool, uint64, int64:
			if text := plain(value); text != "" {
				out = append(out, field{strings.ReplaceAll(name, "_", " "), text})
			}
		}
	}
	slices.SortFunc(out, func(x, y field) int { return strings.Compare(x.Name, y.Name) })
	return out
}

func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	}
	return fmt.Sprint(value)
}

// readable writes a body as text that reads like JSON. It is for people: the
// bytes are what counts.
func readable(e *ledger.Entry) string {
	body, err := ledger.Unpack[any](e)
	if err != nil {
		return "This body cannot be read. Its bytes: " + hex.EncodeToString(e.Body)
	}
	if m, ok := body.(map[any]any); ok && strings.HasPrefix(string(e.Kind), "central.") {
		mask(m)
	}
	var b strings.Builder
	write(&b, body, "")
	return b.String()
}

// mask takes out what an act at central keeps of passwords, codes and sessions: no
// reader of the acts needs it, and a password's hash can be guessed at.
func mask(body map[any]any) {
	for _, name := range []string{"hash", "session"} {
		if _, there := body[name]; there {
			body[name] = "not shown"
		}
	}
}

func write(b *strings.Builder, value any, indent string) {
	switch v := value.(type) {
	case map[any]any:
		writeMap(b, v, indent)
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return
		}
		b.WriteString("[\n")
		for i, item := range v {
			b.WriteString(indent + "  ")
			write(b, item, indent+"  ")
			end(b, i, len(v))
		}
		b.WriteString(indent + "]")
	case []byte:
		b.WriteString(strconv.Quote(hex.EncodeToString(v)))
	case string:
		b.WriteString(quote(v))
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, v)
	}
}

func writeMap(b *strings.Builder, m map[any]any, indent string) {
	if len(m) == 0 {
		b.WriteString("{}")
		return
	}
	names := make([]string, 0, len(m))
	values := make(map[string]any, len(m))
	for k, v := range m {
		name := fmt.Sprint(k)
		names = append(names, name)
		values[name] = v
	}
	slices.Sort(names)
	b.WriteString("{\n")
	for i, name := range names {
		b.WriteString(indent + "  " + quote(name) + ": ")
		write(b, values[name], indent+"  ")
		end(b, i, len(names))
	}
	b.WriteString(indent + "}")
}

func end(b *strings.Builder, i, n int) {
	if i < n-1 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
}

// quote writes a string as JSON does; the page escapes it for HTML.
func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
