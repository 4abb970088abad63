package probe

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// Options is what to look for, and where.
type Options struct {
	Port devices.Port
	// Baud and Frame are tried alone where they are given; 0 and empty try all
	// that printers can be set to.
	Baud  int
	Frame devices.Frame
	// Profile is the model where the person knows it; nil: the printer is asked. A
	// model whose profile says that a question out of turn is not safe is never
	// asked one.
	Profile *escpos.Profile
	Clock   link.Clock // nil: the time of this machine
	// Open opens the line; nil opens the port. Tests put their own lines here.
	Open func(ctx context.Context, baud int, frame devices.Frame) (link.Port, error)
}

func (o *Options) fill() {
	if o.Clock == nil {
		o.Clock = link.WallClock{}
	}
	if o.Open == nil {
		port := o.Port
		o.Open = func(ctx context.Context, baud int, frame devices.Frame) (link.Port, error) {
			d, err := port.Dialer(baud, frame)
			if err != nil {
				return nil, err
			}
			return d.Dial(ctx)
		}
	}
}

// Result is what was found.
type Result struct {
	Baud  int // 0: the port has no speed
	Frame devices.Frame
	// Profile is the one the printer named, the one that was told, or the best
	// guess; Certain says that it is no guess.
	Profile escpos.Profile
	Certain bool
	Name    string        // what the printer says it is; empty: nothing
	Status  escpos.Status // as far as it was asked
	InTurn  bool          // answers in the order of the data
	Reports bool          // reports by itself
	Proves  bool          // confirms printing
	// Logo stands at the top of the test page where it is given. Find leaves it
	// empty.
	Logo escpos.Logo
}

// Find looks for the printer and tells what it finds as it goes; tell must not
// block. It takes a second where the printer answers at the speed it is delivered
// with, and half a minute where nobody answers at any. The error is ErrNotFound
// where no printer could be spoken to, and otherwise that of ctx or of the port.
func Find(ctx context.Context, o Options, tell func(Finding)) (Result, error) {
	o.fill()
	s := &search{Options: o, told: o.Profile, tell: tell}
	if told := s.told; told != nil && (told.WriteOnly || !told.StatusSafe && told.Ack == escpos.AckNone) {
		return s.unasked(ctx)
	}
	if err := s.line(ctx); err != nil {
		return Result{}, err
	}
	defer s.port.Close() // whatever it says, the line is given up
	if err := s.abilities(ctx); err != nil {
		f := refusal(o.Port, err)
		if ctx.Err() == nil {
			tell(f)
		}
		return s.found, fmt.Errorf("ask the printer what it is: %w", err)
	}
	s.propose()
	return s.found, nil
}

// search is one Find.
type search struct {
	Options
	told  *escpos.Profile
	tell  func(Finding)
	found Result
	*talk
}

// unasked opens the port of a printer that cannot answer, or must not be asked.
func (s *search) unasked(ctx context.Context) (Result, error) {
	at := s.attempts()[0]
	port, err := s.Open(ctx, at.baud, at.frame)
	if err != nil {
		return Result{}, s.refuse(ctx, err)
	}
	_ = port.Close() // it was only to see that it can be opened
	s.tell(Finding{Code: NotAsked, Text: s.told.Name})
	return Result{Baud: at.baud, Frame: at.frame, Profile: *s.told, Certain: true}, nil
}

func (s *search) refuse(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f := refusal(s.Port, err)
	s.tell(f)
	return notFound(f)
}

// attempt is a speed and a frame.
type attempt struct {
	baud  int
	frame devices.Frame
}

// attempts are all that are to be tried, the likeliest first.
func (s *search) attempts() []attempt {
	if s.Port.Device() && !s.Port.HasSpeed() {
		return []attempt{{}}
	}
	bauds, frames := devices.Bauds(), devices.Frames()
	if s.Baud != 0 {
		bauds = []int{s.Baud}
	}
	if s.Frame != "" {
		frames = []devices.Frame{s.Frame}
	}
	var all []attempt
	for _, f := range frames {
		for _, b := range bauds {
			all = append(all, attempt{b, f})
		}
	}
	return all
}

// line finds the speed and leaves the line open.
func (s *search) line(ctx context.Context) error {
	heard, echoed, paused := false, false, false
	for _, at := range s.attempts() {
		if at.baud != 0 {
			s.tell(Finding{Code: Trying, Baud: at.baud, Frame: at.frame})
		}
		port, err := s.Open(ctx, at.baud, at.frame)
		if err != nil {
			return s.refuse(ctx, err)
		}
		s.talk = &talk{port: port, clock: s.Clock}
		answers, err := s.answers(ctx)
		if answers {
			s.found.Baud, s.found.Frame = at.baud, at.frame
			s.tell(s.answered())
			return nil
		}
		heard, paused = heard || s.noise, paused || s.paused
		echoed = echoed || s.echoed(s.question())
		if closeErr := port.Close(); err == nil && closeErr != nil {
			err = closeErr
		}
		if err != nil {
			return s.refuse(ctx, err)
		}
	}
	f := Finding{Code: Silent}
	switch {
	case echoed:
		f.Code = Echo
	case paused:
		f.Code = Paused
	case heard:
		f.Code = Noise
	}
	s.tell(f)
	return notFound(f)
}

func (s *search) answered() Finding {
	if s.found.Baud == 0 {
		return Finding{Code: AnswersTo}
	}
	return Finding{Code: Answers, Baud: s.found.Baud, Frame: s.found.Frame}
}

// question is the one by which a printer is known: DLE EOT 1, or where that
// could harm it GS r 1.
func (s *search) question() []byte {
	if s.told != nil && !s.told.StatusSafe {
		return escpos.AskPaper()
	}
	return escpos.RealtimeStatus(1)
}

// answers asks until the printer has answered twice: one byte that looks like an
// answer may be noise.
func (s *search) answers(ctx context.Context) (bool, error) {
	if err := s.drain(ctx, settle); err != nil {
		return false, err
	}
	kind := isKind(escpos.ReplyRealtime)
	if s.told != nil && !s.told.StatusSafe {
		kind = isKind(escpos.ReplySync)
	}
	for range 2 {
		r, answered, err := s.ask(ctx, s.question(), answerWait, kind)
		if err != nil || !answered || s.echoed(s.question()) {
			return false, err
		}
		if r.Kind == escpos.ReplyRealtime {
			s.found.Status.UpdateRealtime(1, r.Byte)
		}
	}
	return true, nil
}

// errStopped ends the questions where the printer's state leaves no answer.
var errStopped = errors.New("the printer is offline")
