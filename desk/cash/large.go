package cash

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// CashWatch is the rule for large cash: how much cash of one account within a day
// or a year somebody must look at.
type CashWatch struct {
	Above  ledger.Cents `toml:"above"`   // 0: nobody watches
	FileIn int          `toml:"file_in"` // days to file the report
	Source string       `toml:"source"`
}

// The windows of the watch: payments within 24 hours are related, instalments
// add up over twelve months (IRS Form 8300, 26 CFR 1.6050I-1).
const (
	watchDay  = 24 * time.Hour
	watchYear = 12 // months
)

// taken is the view of cash by account: account, NUL, time → cash of one payment,
// 8 bytes each.
type cashTaken struct{}

func (cashTaken) Name() string         { return "cash.by_account" }
func (cashTaken) Kinds() []ledger.Kind { return []ledger.Kind{KindPayment, KindVoid} }

func (cashTaken) Fold(t ledger.Table, e *ledger.Entry) error {
	if e.Kind == KindVoid {
		body, err := ledger.Unpack[Undone](e)
		if err == nil {
			for _, p := range body.Parts {
				t.Delete(watchKey(p.watched(), body.At, body.Of))
			}
		}
		return err
	}
	body, err := ledger.Unpack[Payment](e)
	if err != nil {
		return err
	}
	cash := kept(body.Tenders, body.Change, Cash)
	for _, p := range body.Parts {
		// What one payment brought in cash counts for each of its accounts, up to what
		// the account got: nobody knows whose note paid which.
		if amount := min(cash, p.Amount); amount > 0 {
			t.Put(watchKey(p.watched(), e.Micros, e.Seq), binary.BigEndian.AppendUint64(nil, uint64(amount)))
		}
	}
	return nil
}

// watched is whose cash it is: of an account, or else of who it was for, as typed.
func (p Part) watched() account.No {
	if p.Account == "" {
		return account.No("? " + strings.ToUpper(p.Name))
	}
	return p.Account
}

func watchKey(no account.No, micros int64, seq uint64) []byte {
	key := append([]byte(no), 0)
	key = binary.BigEndian.AppendUint64(key, uint64(micros))
	return binary.BigEndian.AppendUint64(key, seq)
}

// cashSince is the cash an account brought since a moment.
func cashSince(s *ledger.State, no account.No, since time.Time) (sum ledger.Cents) {
	prefix := append([]byte(no), 0)
	from := watchKey(no, max(0, since.UnixMicro()), 0)
	for k, v := range s.Rows(cashTaken{}.Name()).From(from) {
		if len(k) < len(prefix) || string(k[:len(prefix)]) != string(prefix) {
			break
		}
		if len(v) == 8 {
			sum = sum.Plus(ledger.Cents(binary.BigEndian.Uint64(v)))
		}
	}
	return sum
}

// watchCash says, account by account, when a payment makes the cash of a day or a
// year more than the rule allows to pass unseen. It warns and keeps; it stops
// nobody, and nobody is told how to pay less at a time.
func (d *Duty) watchCash(s *ledger.State, body Payment, date ledger.Date) (drafts []ledger.Draft) {
	rule := d.Policy.CashWatch
	cash := kept(body.Tenders, body.Change, Cash)
	if rule.Above == 0 || cash == 0 {
		return nil
	}
	for _, p := range body.Parts {
		amount := min(cash, p.Amount)
		day := cashSince(s, p.watched(), s.Now().Add(-watchDay)).Plus(amount)
		year := cashSince(s, p.watched(), s.Now().AddDate(0, -watchYear, 0)).Plus(amount)
		if year <= rule.Above {
			continue
		}
		large := LargeCash{Account: p.Account, Name: p.Name, Cash: amount, Day: day, Year: year, Above: rule.Above, Source: rule.Source}
		if rule.FileIn > 0 {
			large.FileBy = ledger.DateOf(date.Time().AddDate(0, 0, rule.FileIn))
		}
		drafts = append(drafts, ledger.Draft{Kind: KindLargeCash, Date: date, Body: large})
	}
	return drafts
}

// NoteSuspect records a note that may be counterfeit. It is not given back, and
// the payer gets no credit for it.
type NoteSuspect struct {
	Value   ledger.Cents `json:"value" doc:"what the note says it is worth: \"20.00\""`
	Serial  string       `json:"serial" doc:"serial number printed on the note"`
	Account account.No   `json:"account,omitempty" doc:"account it was to pay"`
	Payer   string       `json:"payer,omitempty" doc:"who handed it over, as far as known"`
	Note    string       `json:"note,omitempty" doc:"what was seen; where the note is kept"`
}

// NoteSuspect records a suspect note.
func (d *Duty) NoteSuspect(s *ledger.State, by staff.Acting, c NoteSuspect) ([]ledger.Draft, error) {
	session, err := d.session(s, by)
	if err != nil {
		return nil, err
	}
	if err := d.CheckCount(Count{{Value: c.Value, N: 1}}); err != nil {
		return nil, ledger.Refuse("cash.suspect_value", "Type what the note says it is worth.").At("value")
	}
	if c.Account != "" {
		if err := account.CheckNo(c.Account); err != nil {
			return nil, err
		}
	}
	if c.Serial == "" {
		return nil, ledger.Refuse("cash.suspect_serial", "Type the serial number printed on the note.").At("serial")
	}
	for field, text := range map[string]string{"serial": c.Serial, "payer": c.Payer, "note": c.Note} {
		if err := CheckText("cash.note_too_long", field, text, maxText); err != nil {
			return nil, err
		}
	}
	return []ledger.Draft{{Kind: KindSuspect, Date: session.Date, Body: Suspect{Session: session.ID, Name: by.Who.Name,
		Value: c.Value, Serial: c.Serial, Account: c.Account, Payer: c.Payer, Note: c.Note}}}, nil
}

func (w CashWatch) check() error {
	if w.Above < 0 || w.FileIn < 0 || w.FileIn > 366 || len(w.Source) > maxSource {
		return fmt.Errorf("cash policy: cash_watch: above %s, %d days to file", w.Above, w.FileIn)
	}
	return nil
}
