package probe

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"gatehouse/drivers/escpos"
)

// abilities asks what the printer can do. What it says of its state comes first:
// a printer that is offline answers nothing in the order of the data, and that
// says nothing about its cable.
func (s *search) abilities(ctx context.Context) error {
	if err := s.state(ctx); err != nil {
		if errors.Is(err, errStopped) {
			return nil
		}
		return err
	}
	for _, step := range []func(context.Context) error{s.inTurn, s.name, s.reports, s.proof} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	switch {
	case s.paused:
		s.tell(Finding{Code: Paused})
	case s.xon:
		s.tell(Finding{Code: XonXoff})
	}
	if s.slowest >= slowAnswer {
		s.tell(Finding{Code: Slow, Took: s.slowest})
	}
	return nil
}

// state asks why the printer might not print.
func (s *search) state(ctx context.Context) error {
	if s.told != nil && !s.told.StatusSafe {
		return nil
	}
	st := &s.found.Status
	for n := byte(2); n <= 4; n++ {
		r, answered, err := s.ask(ctx, escpos.RealtimeStatus(n), answerWait, isKind(escpos.ReplyRealtime))
		if err != nil {
			return err
		}
		if answered {
			st.UpdateRealtime(n, r.Byte)
		}
	}
	code := Code("")
	switch {
	case st.CoverOpen: // first: the paper sensor lies under an open cover
		code = CoverOpen
	case st.PaperOut:
		code = PaperOut
	case st.Recoverable || st.CutterError || st.Unrecoverable || st.AutoRecovers:
		code = Faulty
	case st.Offline:
		code = Offline
	case st.PaperLow:
		code = PaperLow
	}
	if code != "" {
		s.tell(Finding{Code: code})
	}
	if st.Offline {
		return errStopped
	}
	return nil
}

// fill is how many NULs are sent to a printer that may still wait for the rest
// of a command it heard at a wrong speed; they mean nothing anywhere else. No
// command that garbage begins by chance is likely to want more.
const fill = 1024

// inTurn asks in the order of the data.
func (s *search) inTurn(ctx context.Context) error {
	if err := s.askPaper(ctx, blockWait); err != nil || s.found.InTurn {
		return err
	}
	if _, err := s.port.Write(make([]byte, fill)); err != nil {
		return err
	}
	wait := blockWait
	if s.found.Baud > 0 {
		wait += fill * 10 * time.Second / time.Duration(s.found.Baud)
	}
	err := s.askPaper(ctx, wait)
	if err == nil && !s.found.InTurn {
		s.tell(Finding{Code: Withheld})
	}
	return err
}

func (s *search) askPaper(ctx context.Context, wait time.Duration) error {
	_, answered, err := s.ask(ctx, escpos.AskPaper(), wait, isKind(escpos.ReplySync))
	if answered {
		s.found.InTurn = true
		s.tell(Finding{Code: InTurn})
	}
	return err
}

// name asks who made the printer and which model it is. A printer that answers
// nothing in turn would not answer this either.
func (s *search) name(ctx context.Context) error {
	if !s.found.InTurn {
		return nil
	}
	var said []string
	for _, n := range []byte{66, 67} {
		r, answered, err := s.ask(ctx, escpos.AskInfo(n), blockWait, isKind(escpos.ReplyInfo))
		if err != nil {
			return err
		}
		if text := printable(r.Text); answered && text != "" {
			said = append(said, text)
		}
	}
	if s.found.Name = strings.Join(said, " "); s.found.Name != "" {
		s.tell(Finding{Code: Named, Text: s.found.Name})
	}
	return nil
}

// maxName is how much of a printer's own name is shown.
const maxName = 40

func printable(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text))
	return text[:min(len(text), maxName)]
}

// reports asks for a report, and that none follows: some makers' printers send
// them for ever after.
func (s *search) reports(ctx context.Context) error {
	_, answered, err := s.ask(ctx, escpos.EnableASB(escpos.ASBAll), answerWait, isKind(escpos.ReplyASB))
	if err != nil {
		return err
	}
	code := NoReports
	if s.found.Reports = answered; answered {
		code = Reports
	}
	s.tell(Finding{Code: code})
	if _, err := s.port.Write(escpos.EnableASB(0)); err != nil {
		return err
	}
	return s.drain(ctx, settle)
}

// proof asks for a process ID, where it is known not to print as characters:
// of Epson's own printers, which pass over what they do not know, and of models
// whose profile has it.
func (s *search) proof(ctx context.Context) error {
	safe := strings.HasPrefix(strings.ToUpper(s.found.Name), "EPSON") || s.told != nil && s.told.ProcID
	if !s.found.InTurn || !safe {
		return nil
	}
	id := [4]byte{'G', 'a', 't', 'e'}
	question, err := escpos.ProcessID(id)
	if err != nil {
		return err
	}
	r, answered, err := s.ask(ctx, question, blockWait, isKind(escpos.ReplyProcID))
	if err == nil && answered && r.ID == id {
		s.found.Proves = true
		s.tell(Finding{Code: Proves})
	}
	return err
}
