package flow

import (
	"context"
	"fmt"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Desk is what the cashier's place needs of the desk; *desk.Desk has it.
type Desk interface {
	Do(context.Context, desk.Order) ([]ledger.Entry, error)
	Read(func(*ledger.State) error) error
}

// Paper is what the cashier's place needs of the spooler.
type Paper interface {
	// Reprint prints a receipt again, marked DUPLICATE. The same id does it once.
	Reprint(ctx context.Context, id ledger.CommandID, by staff.ID, receipt ledger.ReceiptNo) error
	// Answer tells whether the paper of a question came out whole.
	Answer(ctx context.Context, id ledger.CommandID, by staff.ID, question Question, cameOut bool) error
	// Void has no more of a held paper come out.
	Void(ctx context.Context, id ledger.CommandID, by staff.ID, held Held) error
}

// Drafts keeps what was typed and is not yet in the ledger.
type Drafts interface {
	Save(note []byte) error
	Load() (note []byte, err error) // nil if nothing was saved
}

// BookDrafts keeps drafts in a ledger's file, outside the record.
type BookDrafts struct{ Book *ledger.Book }

// draftName is the note's name in the file.
const draftName = "draft"

// Save keeps a note in place of the one before.
func (d BookDrafts) Save(note []byte) error { return d.Book.Remember(draftName, note) }

// Load returns the note kept.
func (d BookDrafts) Load() ([]byte, error) { return d.Book.Recall(draftName) }

// Runner carries out effects. Its methods block on disk and hashing: never call
// them on the window's goroutine.
type Runner struct {
	Desk     Desk
	Accounts *account.Duty
	Cash     DueCounts // nil: no counts are drawn here
	Roster   staff.Roster
	Drawers  []cash.DrawerID // of the station
	Drafts   Drafts
	Paper    Paper       // nil: this station prints nothing
	Checks   CheckReader // nil: Deps.ReadsChecks is not set
	Seen     SeenChecks  // nil: no check is remembered

	reading reading
}

// Bounds of what is read at once.
const (
	foundRows   = 20
	paymentRows = 60
	recentRows  = 5
	historyRows = 200 // entries looked at for the recent ones
)

// Run carries out one effect and returns what came of it. A Later is not for the
// runner: whoever owns the timers waits.
func (r *Runner) Run(ctx context.Context, e Effect) Event {
	switch e := e.(type) {
	case Order:
		entries, err := r.order(ctx, e.Errand)
		return Ordered{e.Serial, entries, err}
	case Settle:
		return r.settle(e)
	case ReadPeople:
		return r.people()
	case ReadSession:
		return r.session(e.Who)
	case FindAccounts:
		return r.find(e)
	case ReadAccount:
		return r.account(e.No)
	case ReadPayments:
		return r.payments(e.Session)
	case ReadReceipt:
		return r.receipt(e)
	case ReadLevel:
		out := LevelRead{Session: e.Session}
		out.Err = r.Desk.Read(func(s *ledger.State) error {
			out.Cash = cash.InDrawer(s, e.Session, cash.Cash)
			return nil
		})
		return out
	case ReadDue:
		return r.readDue(e)
	case ReadForm:
		return r.readForm(e)
	case ReadDraft:
		note, err := r.Drafts.Load()
		return DraftRead{note, err}
	case KeepDraft:
		return DraftKept{r.Drafts.Save(e.Note)}
	case ReadCheck:
		return r.readCheck(ctx, e)
	case StopCheck:
		r.reading.stop(e.Serial)
		return CheckRead{} // of none that is waited for
	case FindCheck:
		return r.findCheck(e)
	case Later:
		return e.Then
	}
	panic(fmt.Sprintf("flow: no runner for %T", e))
}

func (r *Runner) order(ctx context.Context, e Errand) ([]ledger.Entry, error) {
	if r.Paper == nil && (e.kind == errandReprint || e.ofPaper()) {
		return nil, ledger.Refuse("paper.no_printer", "This station has no printer.")
	}
	switch e.kind {
	case errandReprint:
		return nil, r.Paper.Reprint(ctx, e.order.ID, e.order.By, e.receipt)
	case errandAnswer:
		return nil, r.Paper.Answer(ctx, e.order.ID, e.order.By, e.question, e.cameOut)
	case errandVoidPaper:
		return nil, r.Paper.Void(ctx, e.order.ID, e.order.By, e.held)
	}
	return r.Desk.Do(ctx, e.order)
}

func (r *Runner) settle(e Settle) Event {
	s := Settled{Serial: e.Serial}
	s.Err = r.Desk.Read(func(st *ledger.State) error {
		var err error
		s.Entries, err = st.ByCommand(e.ID)
		return err
	})
	return s
}

func (r *Runner) people() Event {
	people, err := r.Roster.People()
	out := PeopleRead{Err: err}
	for _, p := range people {
		if !p.Retired && p.Role != staff.Kiosk {
			p.PIN = "" // the hash is the desk's
			out.People = append(out.People, p)
		}
	}
	if err == nil {
		out.Err = r.Desk.Read(func(s *ledger.State) error {
			now, signedIn, err := staff.Present(s)
			if signedIn {
				out.Present = now.Who
			}
			return err
		})
	}
	return out
}

func (r *Runner) session(who staff.ID) Event {
	out := SessionRead{Who: who}
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		var err error
		if out.Session, out.Open, err = cash.SessionOf(s, who); err != nil {
			return err
		}
		if len(out.Session.Counts) > 0 {
			count, err := cash.LastCount(s, out.Session)
			out.Counted = &count
			return err
		}
		if out.Open {
			return nil
		}
		for _, drawer := range r.Drawers {
			_, taken, err := cash.SessionAt(s, drawer)
			if err != nil {
				return err
			}
			if !taken {
				out.Drawer = drawer
				return nil
			}
		}
		if len(r.Drawers) > 0 {
			out.Drawer = r.Drawers[0] // the desk says for whom it is open
		}
		return nil
	})
	return out
}

func (r *Runner) find(e FindAccounts) Event {
	out := FoundRead{Serial: e.Serial}
	customers, more, err := r.Accounts.Customers.Find(e.Words, foundRows)
	if err != nil {
		out.Err = err
		return out
	}
	out.More = more
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		for _, c := range customers {
			standing, err := r.Accounts.Standing(s, c.No)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, Found{standing})
		}
		return nil
	})
	return out
}

func (r *Runner) account(no account.No) Event {
	out := AccountRead{No: no}
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		standing, err := r.Accounts.Standing(s, no)
		if err != nil {
			return err
		}
		out.Account.Standing = standing
		out.Account.Recent, err = recent(s, no)
		return err
	})
	return out
}

func recent(s *ledger.State, no account.No) (out []Recent, err error) {
	looked := 0
	for seq := range s.History(string(no)) {
		if looked++; looked > historyRows || len(out) == recentRows {
			break
		}
		e, err := s.Entry(seq)
		if err != nil {
			return nil, err
		}
		row := Recent{At: e.At(), Kind: e.Kind, Receipt: e.ReceiptNo(s.Station())}
		for _, l := range e.Lines {
			if _, bucket := account.BucketOf(l.Account); bucket && l.Sub == string(no) {
				row.Amount -= l.Amount
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func (r *Runner) payments(id cash.SessionID) Event {
	var out PaymentsRead
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		return cash.Payments(s, id, func(e ledger.Entry, p cash.Payment) bool {
			out.Rows = append(out.Rows, rowOf(s, e, p, id))
			return len(out.Rows) < paymentRows
		})
	})
	return out
}

func rowOf(s *ledger.State, e ledger.Entry, p cash.Payment, mine cash.SessionID) PaymentRow {
	row := PaymentRow{Receipt: e.ReceiptNo(s.Station()), At: e.At(), Total: p.Total,
		Undone: cash.UndoneBy(s, e.Seq) != 0, Here: p.Session == mine && mine != ""}
	if len(p.Parts) > 0 {
		row.Name = p.Parts[0].Name
	}
	return row
}

func (r *Runner) receipt(e ReadReceipt) Event {
	out := ReceiptRead{Serial: e.Serial}
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		entry, p, err := cash.FindPayment(s, e.No)
		if err == nil {
			out.Row = rowOf(s, entry, p, e.Session)
		}
		return err
	})
	return out
}
