package spool

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper"
)

// Clerk is the orders people give about paper.
type Clerk struct {
	Staff   *staff.Duty
	Layouts *paper.Layouts
	Longest time.Duration // as Options.Longest
}

// Register adds the commands of paper to a desk. Call it before the first order.
func Register(d *desk.Desk, c Clerk) {
	c.Longest = longest(c.Longest)
	desk.Register(d, "paper.reprint", "Prints a paper again. Unless nothing of it was ever printed, it says DUPLICATE.", c.Reprint)
	desk.Register(d, "paper.resolve", "Answers whether a paper came out complete, with its end mark. If not, it is printed again, marked.", c.Resolve)
	desk.Register(d, "paper.release", "Prints a paper that was only offered.", c.Release)
	desk.Register(d, "paper.void", "Voids a paper that waits or is held in the printer: no more of it comes out. It can be printed again by its number.", c.Void)
	desk.Register(d, "paper.skip_offered", "Drops all papers that are only offered. Each can still be printed by its number.", c.SkipOffered)
}

// ReprintCommand asks for a paper again.
type ReprintCommand struct {
	Receipt string `json:"receipt" doc:"number on the paper, like A1-000123-K7QX or A1-000123; of a report, A1-E000345"`
}

// ResolveCommand answers the question about a doubtful paper.
type ResolveCommand struct {
	Of      uint64 `json:"of" doc:"number of the entry that was printed, from the question"`
	Copy    int    `json:"copy,omitempty" doc:"which copy the question is about; 0 is the original"`
	Printed bool   `json:"printed" doc:"true: it came out whole, with the end mark"`
}

// ReleaseCommand lets an offered job be printed.
type ReleaseCommand struct {
	Of uint64 `json:"of" doc:"number of the entry whose paper is offered"`
}

// VoidCommand voids a paper that is not out yet.
type VoidCommand struct {
	Of   uint64 `json:"of" doc:"number of the entry whose paper is not to come out"`
	Copy int    `json:"copy,omitempty" doc:"which copy; 0 is the original"`
}

// SkipOfferedCommand drops what is offered.
type SkipOfferedCommand struct{}

// allowed refuses whoever is not signed in, and visitors at a kiosk: papers have
// other people's names on them.
func (c Clerk) allowed(s *ledger.State, by staff.Acting) error {
	if by.Who.Role == staff.Kiosk {
		return ledger.Refuse("paper.staff_only", "Please ask at the desk.")
	}
	return c.Staff.Require(s, by, "")
}

// Reprint orders another copy.
func (c Clerk) Reprint(s *ledger.State, by staff.Acting, cmd ReprintCommand) ([]ledger.Draft, error) {
	if err := c.allowed(s, by); err != nil {
		return nil, err
	}
	e, err := c.find(s, cmd.Receipt)
	if err != nil {
		return nil, err
	}
	if _, waits := jobOf(s, e.Seq); waits {
		return nil, ledger.Refuse("paper.still_waiting", "{no} is still waiting to be printed, or a question about it is open.", "no", cmd.Receipt).At("receipt")
	}
	next := 1
	if before, known := readPast(s.Rows(viewName).Get(pastKey(e.Seq))); known {
		next = before.copy + 1
		if !before.sent {
			next = 0
		}
	}
	if next > maxCopies {
		return nil, tooMany(cmd.Receipt).At("receipt")
	}
	return []ledger.Draft{{Kind: KindReprint, Body: Reprint{Of: e.Seq, Copy: next, By: by.Who.Name}}}, nil
}

func tooMany(no string) *ledger.Refusal {
	return ledger.Refuse("paper.too_many_copies", "{no} was printed {most} times. That is enough.", "no", no, "most", fmt.Sprint(maxCopies))
}

// find finds an entry by the number on its paper.
func (c Clerk) find(s *ledger.State, no string) (ledger.Entry, error) {
	e, err := entryOf(s, strings.ToUpper(strings.TrimSpace(no)))
	if err != nil {
		return e, err
	}
	if c.Layouts.Title(e.Kind) == "" {
		return e, ledger.Refuse("paper.nothing_to_print", "{no} has no paper.", "no", no).At("receipt")
	}
	return e, nil
}

func entryOf(s *ledger.State, no string) (ledger.Entry, error) {
	bad := ledger.Refuse("paper.bad_number", "That is not the number of a paper. It looks like A1-000123-K7QX.").At("receipt")
	if number, found := strings.CutPrefix(no, string(s.Station())+"-E"); found {
		seq, err := strconv.ParseUint(number, 10, 64)
		if err != nil || seq == 0 || seq > s.Head().Seq {
			return ledger.Entry{}, bad
		}
		return s.Entry(seq)
	}
	station, n, mark, ok := cash.ReadReceiptNo(ledger.ReceiptNo(no))
	if !ok {
		return ledger.Entry{}, bad
	}
	if station != s.Station() {
		return ledger.Entry{}, ledger.Refuse("paper.other_station", "{no} is of station {station}. It can be printed again only there.", "no", no, "station", string(station)).At("receipt")
	}
	e, err := s.Receipt(n)
	if err != nil {
		return e, err
	}
	if mark != "" && !strings.HasSuffix(string(e.ReceiptNo(s.Station())), "-"+mark) {
		return e, ledger.Refuse("paper.receipt_mark", "Receipt {no} of this station ends in other letters. Check the number on the paper.", "no", no).At("receipt")
	}
	return e, nil
}

// Resolve takes the answer to the question about a doubtful paper.
func (c Clerk) Resolve(s *ledger.State, by staff.Acting, cmd ResolveCommand) ([]ledger.Draft, error) {
	if err := c.allowed(s, by); err != nil {
		return nil, err
	}
	j, found := jobOf(s, cmd.Of)
	if !found || j.state != doubtful || j.copy != cmd.Copy {
		return nil, ledger.Refuse("paper.no_question", "There is no open question about that paper.").At("of")
	}
	if !cmd.Printed && j.copy >= maxCopies {
		return nil, tooMany(fmt.Sprint(cmd.Of))
	}
	return []ledger.Draft{{Kind: KindResolved, Body: Resolved{Of: cmd.Of, Copy: j.copy, Printed: cmd.Printed, By: by.Who.Name}}}, nil
}

// Release queues an offered job.
func (c Clerk) Release(s *ledger.State, by staff.Acting, cmd ReleaseCommand) ([]ledger.Draft, error) {
	if err := c.allowed(s, by); err != nil {
		return nil, err
	}
	j, found := jobOf(s, cmd.Of)
	if !found || j.stands(s.Rows(viewName), s.Now(), c.Longest) != offered {
		return nil, ledger.Refuse("paper.not_offered", "That paper is not waiting for somebody to want it.").At("of")
	}
	return []ledger.Draft{{Kind: KindReleased, Body: Released{Of: cmd.Of, By: by.Who.Name}}}, nil
}

// Void stops a paper that waits or is in the printer. The decision is on disk
// before the printer hears of it.
func (c Clerk) Void(s *ledger.State, by staff.Acting, cmd VoidCommand) ([]ledger.Draft, error) {
	if err := c.allowed(s, by); err != nil {
		return nil, err
	}
	j, found := jobOf(s, cmd.Of)
	if !found || j.copy != cmd.Copy || j.state != sending && j.state != queued {
		return nil, ledger.Refuse("paper.not_held", "That paper is out already, or was taken off the list.").At("of")
	}
	return []ledger.Draft{{Kind: KindVoid, Body: Void{Of: cmd.Of, Copy: j.copy, By: by.Who.Name}}}, nil
}

// SkipOffered drops what is offered.
func (c Clerk) SkipOffered(s *ledger.State, by staff.Acting, _ SkipOfferedCommand) ([]ledger.Draft, error) {
	if err := c.allowed(s, by); err != nil {
		return nil, err
	}
	var of []uint64
	rows := s.Rows(viewName)
	for k, v := range ledger.Prefixed(rows, []byte("J")) {
		j, ok := readJob(v)
		if ok && len(of) < maxSkip && j.stands(rows, s.Now(), c.Longest) == offered {
			of = append(of, ledger.KeySeq(k[1:]))
		}
	}
	if len(of) == 0 {
		return nil, ledger.Refuse("paper.nothing_offered", "No paper is waiting for somebody to want it.")
	}
	return []ledger.Draft{{Kind: KindSkipped, Body: Skipped{Of: of}}}, nil
}
