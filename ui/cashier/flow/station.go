package flow

import "fmt"

// The questions.
const (
	askCameOut = "came_out"
	askDiscard = "discard"
)

// asking asks whether to put the payment away, or takes the question back.
func (f *Flow) asking(what string) { f.m.Ask = nil; f.askDiscard = what == askDiscard }

// ask is the question that waits: the person's own first, then the spooler's,
// which never hinders a payment.
func (f *Flow) ask() *Ask {
	if f.m.Place != AtWindow {
		return nil
	}
	if f.askDiscard && f.m.Begun() {
		return &Ask{Name: askDiscard, Answers: []Action{Discard, Keep}}
	}
	if q := f.m.Printer.Question; q != nil {
		return &Ask{Name: askCameOut, Args: map[string]string{"receipt": string(q.Receipt)}, Answers: []Action{CameOut, NotOut}}
	}
	return nil
}

func (f *Flow) answerQuestion(cameOut bool) {
	q := f.m.Printer.Question
	if q == nil {
		return
	}
	f.send(Errand{kind: errandAnswer, question: *q, cameOut: cameOut})
}

// printer takes news of the printer. A new question gets an id of its own.
func (f *Flow) printer(p Printer) {
	if q, was := p.Question, f.m.Printer.Question; q != nil && (was == nil || *was != *q) && f.errand == nil {
		delete(f.ids, errandAnswer)
	}
	f.m.Printer = p
}

// trouble is what is wrong with the station, in a sentence.
func (f *Flow) trouble() *Notice {
	switch f.m.Ledger {
	case LedgerStopped:
		return &Notice{Level: Bad, Name: "ledger_stopped"}
	case LedgerAlone:
		return &Notice{Level: Look, Name: "ledger_alone"}
	}
	switch f.m.Printer.State {
	case PrinterPaperOut, PrinterCoverOpen, PrinterUnplugged, PrinterFault:
	default:
		return nil
	}
	n := &Notice{Level: Look, Name: "printer_" + string(f.m.Printer.State)}
	if f.m.Done != nil {
		n.Name += "_saved"
		n.Args = map[string]string{"receipt": string(f.m.Done.Receipt)}
	} else if f.m.Printer.Waiting > 0 {
		n.Name += "_waiting"
		n.Args = map[string]string{"n": fmt.Sprint(f.m.Printer.Waiting)}
	}
	return n
}

// Notices lists the names of all sentences that a flow may ask for.
func Notices() []string {
	out := []string{"no_id", "people_unread", "unread", "look_up_only", "shown_only", "no_drawer", "discarded", "choose_tender",
		"no_sale", "x_report", "reprint", "voided", "reversed", "came_out", "printed_again", "paper_failed",
		"was_stored", "draft_back", "draft_not_kept", "draft_unread", "ledger_stopped", "ledger_alone"}
	for _, what := range []string{"payment", "undo", "close", "other"} {
		out = append(out, "not_stored."+what, "unsure."+what)
	}
	for _, state := range []PrinterState{PrinterPaperOut, PrinterCoverOpen, PrinterUnplugged, PrinterFault} {
		for _, end := range []string{"", "_saved", "_waiting"} {
			out = append(out, "printer_"+string(state)+end)
		}
	}
	return out
}
