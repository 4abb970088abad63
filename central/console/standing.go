package console

import (
	"context"
	"net/http"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// standingPage is what a person has to decide about a station: whether it is to be
// trusted, and what to make of the batches that did not fit.
type standingPage struct {
	Station stationRow
	Tab     string
	Stands  book.Standing
	Apart   []apart
	// Payments and Sum are of the payments that are in the evidence only, each once.
	Payments int
	Sum      ledger.Cents
	Lost     uint64 // batches beyond those that are kept
}

// apart is a batch that was kept apart, beside what central has of those numbers.
type apart struct {
	Reason   wire.Problem
	Received time.Time
	From     uint64
	Sides    []sides
	Trouble  string // why its entries cannot be shown
}

// sides are two entries of one number.
type sides struct {
	Seq  uint64
	Here *side // what central has; nil: nothing
	Came *side // what the batch has
	Same bool
}

// side is one of them.
type side struct {
	At      time.Time
	Kind    ledger.Kind
	Actor   string
	Receipt ledger.ReceiptNo
	Amount  ledger.Cents
	Moves   bool
	Leaf    ledger.Leaf
}

func (c *Console) standing(w http.ResponseWriter, r *http.Request) {
	log, ok := c.log(w, r)
	if !ok {
		return
	}
	p, err := c.standingOf(r, log)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "standing", frame{Title: "Standing of station " + string(log.Identity.Station), At: "/", Page: p})
}

func (c *Console) standingOf(r *http.Request, log store.Log) (p standingPage, err error) {
	p.Tab = "standing"
	if p.Station, err = c.about(r, log); err != nil {
		return p, err
	}
	if err := c.o.Book.See(r.Context(), func(f *book.Facts) { p.Stands = f.Standing(log.ID) }); err != nil {
		return p, err
	}
	kept, err := c.o.Store.Evidence(r.Context(), log.ID)
	if err != nil {
		return p, err
	}
	p.Lost = log.Evidence - min(log.Evidence, uint64(len(kept)))
	counted := make(map[ledger.Leaf]bool)
	for _, e := range kept {
		one, err := c.compare(r.Context(), log, e)
		if err != nil {
			return p, err
		}
		for _, s := range one.Sides {
			if s.Came != nil && !s.Same && s.Came.Moves && !counted[s.Came.Leaf] {
				counted[s.Came.Leaf] = true
				p.Payments++
				p.Sum = p.Sum.Plus(s.Came.Amount)
			}
		}
		p.Apart = append(p.Apart, one)
	}
	return p, nil
}

// compare lays a batch of evidence beside what central has.
func (c *Console) compare(ctx context.Context, log store.Log, e store.Evidence) (apart, error) {
	out := apart{Reason: e.Reason, Received: e.Received, From: e.Batch.Header.From}
	came, err := c.codec.Open(log.Identity.Key, e.Batch)
	if err != nil {
		out.Trouble = err.Error()
		return out, nil
	}
	first := came[0].Seq
	here, err := c.o.Store.Entries(ctx, log.ID, first, len(came))
	if err != nil {
		return out, err
	}
	for i := range came {
		s := sides{Seq: came[i].Seq, Came: sideOf(log, &came[i])}
		if i < len(here) && here[i].Seq == s.Seq {
			s.Here = sideOf(log, &here[i].Entry)
			s.Same = s.Here.Leaf == s.Came.Leaf
		}
		out.Sides = append(out.Sides, s)
	}
	return out, nil
}

// sideOf reads what matters of an entry. The amount is what its body says: the totals
// of a log that forked cannot be told from each other.
func sideOf(log store.Log, e *ledger.Entry) *side {
	s := &side{At: e.At(), Kind: e.Kind, Actor: e.Actor, Receipt: e.ReceiptNo(log.Identity.Station), Leaf: e.Leaf}
	s.Amount, s.Moves = moved(e)
	return s
}

// moved is what a payment took, or its undoing gave back.
func moved(e *ledger.Entry) (amount ledger.Cents, moves bool) {
	switch e.Kind {
	case cash.KindPayment:
		p, err := ledger.Unpack[cash.Payment](e)
		return p.Total, err == nil
	case cash.KindVoid, cash.KindReversal:
		u, err := ledger.Unpack[cash.Undone](e)
		return -u.Total, err == nil
	}
	return 0, false
}

func (c *Console) setStanding(_ http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	id, err := ledger.ParseLogID(r.PathValue("log"))
	if err != nil {
		return "", store.ErrUnknownLog
	}
	set, done := c.o.Book.Revoke, "revoked"
	if r.PostForm.Get("stand") == "approve" {
		set, done = c.o.Book.Approve, "approved"
	}
	if err := set(r.Context(), who.Operator, id, r.PostForm.Get("reason")); err != nil {
		return "", err
	}
	return "/logs/" + id.String() + "/standing?done=" + done, nil
}
