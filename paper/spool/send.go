package spool

import (
	"context"
	"errors"
	"sync"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper"
)

// sheet is a job made ready to be sent, or why it cannot be.
type sheet struct {
	Job
	segs  []escpos.Segment
	unfit error
}

// print sends one job and writes down what became of it. It says whether there is
// a reason to look for the next at once.
func (s *Spooler) print(ctx context.Context, of uint64) bool {
	sh, err := s.prepare(of)
	if err != nil {
		s.note(err)
		return false
	}
	if sh.unfit != nil {
		s.o.Log.Error("a paper cannot be laid out", "entry", of, "cause", sh.unfit)
		s.settle(ctx, sh.Job, KindNotStarted, NotStarted{Of: of, Copy: sh.Copy, Cause: cause(sh.unfit), Offer: true})
		return true
	}
	s.hold(&sh.Job)
	defer s.hold(nil)
	if err := s.claim(ctx, sh.Job); err != nil {
		s.note(err)
		if _, refused := ledger.AsRefusal(err); !refused {
			// It may be on disk all the same. Nothing was sent: say so.
			s.settle(ctx, sh.Job, KindNotStarted, NotStarted{Of: of, Copy: sh.Copy, Cause: cause(err)})
		}
		return true
	}
	printing, cut := context.WithCancel(ctx)
	defer cut()
	var void sync.WaitGroup
	void.Go(func() { s.heedVoid(printing, cut, sh.Job) })
	result := s.o.Printer.Print(printing, sh.segs)
	cut()
	void.Wait()
	kind, body := outcome(sh.Job, result)
	voided := s.settle(ctx, sh.Job, kind, body)
	s.voidEnded(sh.Job, result, voided)
	return voided || kind != KindNotStarted
}

// prepare lays a job out as it will be printed.
func (s *Spooler) prepare(of uint64) (sheet, error) {
	var sh sheet
	var e ledger.Entry
	var c paper.Copy
	err := s.o.Book.Read(func(st *ledger.State) error {
		j, found := jobOf(st, of)
		if !found {
			return ledger.Refuse("paper.gone", "Somebody took that paper off the list.")
		}
		var err error
		if e, err = st.Entry(of); err != nil {
			return err
		}
		sh.Job = s.job(&e, j)
		c = paper.Copy{N: j.copy, Doubt: j.doubt}
		if j.copy > 0 {
			order, err := st.Entry(j.by)
			if err != nil {
				return err
			}
			c.At = order.At()
			c.By, err = whose(&order)
			return err
		}
		return nil
	})
	if err != nil {
		return sh, err
	}
	doc, err := s.o.Layouts.Document(s.o.Sheet, &e, c)
	if err == nil {
		if c.Doubt && s.fragments[of] || s.torn {
			// The session parts what it cut short itself; of this it knows nothing.
			doc.Items = append([]escpos.Item{escpos.Cut{}}, doc.Items...)
			delete(s.fragments, of)
			s.torn = false
		}
		sh.segs, err = escpos.Encode(doc, s.o.Profile)
	}
	sh.unfit = err
	return sh, nil
}

// whose is the name of who ordered a copy. The oldest orders say only the id.
func whose(order *ledger.Entry) (string, error) {
	body, err := ledger.Unpack[struct {
		By string `json:"by"`
	}](order)
	if err != nil || body.By == "" {
		return order.Actor, err
	}
	return body.By, nil
}

// claim writes that bytes may be out from now on, if the job is still to be sent.
func (s *Spooler) claim(ctx context.Context, j Job) error {
	last, cancel := lastWords(ctx)
	defer cancel()
	return s.write(last, func(st *ledger.State) ([]ledger.Draft, error) {
		now, found := jobOf(st, j.Of)
		if !found || now.state != queued || now.copy != j.Copy {
			return nil, ledger.Refuse("paper.gone", "Somebody took that paper off the list.")
		}
		return []ledger.Draft{{Kind: KindSending, Body: Sending{Of: j.Of, Copy: j.Copy}}}, nil
	})
}

// outcome is the entry for what a printer says became of a job.
func outcome(j Job, r printer.Result) (ledger.Kind, any) {
	switch r.Fate {
	case printer.Confirmed:
		return KindPrinted, Printed{Of: j.Of, Copy: j.Copy, Proof: Confirmed}
	case printer.Parsed:
		return KindPrinted, Printed{Of: j.Of, Copy: j.Copy, Proof: Parsed}
	case printer.SentOnly:
		return KindPrinted, Printed{Of: j.Of, Copy: j.Copy, Proof: Sent}
	case printer.NotStarted:
		return KindNotStarted, NotStarted{Of: j.Of, Copy: j.Copy, Cause: cause(r.Cause),
			// Nobody put the sheet in: who wants it asks for it, and the papers after it come.
			Offer: errors.Is(r.Cause, printer.ErrEmptyJob) || errors.Is(r.Cause, printer.ErrNoForm)}
	}
	return KindDoubtful, Doubtful{Of: j.Of, Copy: j.Copy, Cause: cause(r.Cause)}
}

// settle writes what became of a job, and says whether a person had voided it. It
// insists: if it cannot be written, the job stays as it is on disk, and the next
// start asks.
func (s *Spooler) settle(ctx context.Context, j Job, kind ledger.Kind, body any) (voided bool) {
	decide := func(st *ledger.State) ([]ledger.Draft, error) {
		now, found := jobOf(st, j.Of)
		if !found || now.copy != j.Copy || (now.state != sending && now.state != queued && now.state != voiding) {
			return nil, ledger.Refuse("paper.gone", "Somebody took that paper off the list.")
		}
		kind, body := kind, body
		if voided = now.state == voiding; voided {
			kind, body = instead(j, kind, body)
		}
		return []ledger.Draft{{Kind: kind, Body: body}}, nil
	}
	for {
		last, cancel := lastWords(ctx)
		err := s.write(last, decide)
		cancel()
		s.note(err)
		if err == nil || ctx.Err() != nil {
			return voided
		}
		if _, refused := ledger.AsRefusal(err); refused {
			s.o.Log.Error("what became of a paper could not be written", "entry", j.Of, "cause", err)
			return voided
		}
		s.tell()
		s.pause(ctx)
	}
}

func cause(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	return text[:min(len(text), maxCause)]
}
