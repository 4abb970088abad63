package ledger

import (
	"fmt"
	"time"
)

// made is how an entry came about.
type made struct {
	id    CommandID
	part  int
	input inputHash
	actor string
	at    time.Time
	date  Date // where the draft names none
}

// number makes an entry of a draft: numbered and chained after head, checked,
// written and hashed.
func number(log LogID, head Head, d Draft, m made) (Entry, error) {
	fail := func(err error) (Entry, error) { return Entry{}, fmt.Errorf("%s: %w", d.Kind, err) }
	body, err := Pack(d.Body)
	if err != nil {
		return fail(err)
	}
	if d.Taken < 0 || d.Returned < 0 {
		return Entry{}, fmt.Errorf("%s: grand totals only grow", d.Kind)
	}
	e := Entry{
		Form: form, Log: log, Seq: head.Seq + 1, Prev: head.Leaf,
		Command: m.id, Part: uint8(m.part), Input: m.input,
		Micros: m.at.UnixMicro(), Date: d.Date, Actor: m.actor, Kind: d.Kind,
		Totals: Totals{
			Taken:    head.Totals.Taken.Plus(d.Taken),
			Returned: head.Totals.Returned.Plus(d.Returned),
			Receipts: head.Totals.Receipts,
		},
		Lines: d.Lines, Body: body,
	}
	if e.Date == 0 {
		e.Date = m.date
	}
	if d.Receipt {
		e.Totals.Receipts++
		e.Receipt = e.Totals.Receipts
	}
	if err := e.check(); err != nil {
		return fail(err)
	}
	if e.Raw, err = encoder.Marshal(&e); err != nil {
		return fail(err)
	}
	// What cannot be read back must not be stored: a text that is not UTF-8, a
	// list longer than readers accept.
	back, err := DecodeEntry(e.Raw)
	if err != nil {
		return fail(err)
	}
	if _, err := back.BodyForPeople(); err != nil {
		return fail(err)
	}
	e.Leaf = back.Leaf
	return e, nil
}

// Act is a command in a log that no Book keeps.
type Act struct {
	ID     CommandID
	Actor  string
	At     time.Time
	Drafts []Draft // 1 to 32
}

// Begin makes the first entry of a log that no Book keeps: central keeps its own
// log among those of the stations.
func Begin(id Identity, command CommandID, at time.Time) (Entry, error) {
	return number(id.Log, Head{}, Draft{Kind: KindOpened, Body: id}, made{id: command, actor: actorStation, at: at, date: DateOf(at)})
}

// Continue makes the entries of an act, after the head of such a log. Whoever
// stores them makes sure that the head is still the head.
func Continue(log LogID, head Head, a Act) ([]Entry, error) {
	if len(a.Drafts) == 0 || len(a.Drafts) > maxDrafts {
		return nil, fmt.Errorf("an act of %d entries, want 1 to %d", len(a.Drafts), maxDrafts)
	}
	var out []Entry
	for part, d := range a.Drafts {
		e, err := number(log, head, d, made{id: a.ID, part: part, actor: a.Actor, at: a.At, date: DateOf(a.At)})
		if err != nil {
			return nil, err
		}
		out = append(out, e)
		head = Head{Seq: e.Seq, Leaf: e.Leaf, Totals: e.Totals}
	}
	return out, nil
}
