package post

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/wneessen/go-mail"
)

// Letter is what somebody should read.
type Letter struct {
	Subject, Text string
	Sent          func() // called when the mail server has it; may be nil
}

// Options is what a Post is made of.
type Options struct {
	URL         string   // of the mail server; see client
	From        string   // address
	To          []string // addresses
	Authorities []byte   // PEM, of who may vouch for the mail server; empty: the system's
	FirstRetry  time.Duration
	Count       func(result string) // "sent", "failed" or "full"; may be nil
	Log         *slog.Logger        // nil is silent
}

// How patient the post is.
const (
	MaxWaiting = 64 // letters
	firstRetry = 10 * time.Second
	lastRetry  = 10 * time.Minute
	sendTime   = 30 * time.Second
)

// Post sends letters. Its methods may be called from any goroutine.
type Post struct {
	o      Options
	client *mail.Client
	queue  chan Letter
}

// New makes a post. It sends nothing until Run.
func New(o Options) (*Post, error) {
	if o.FirstRetry <= 0 {
		o.FirstRetry = firstRetry
	}
	if o.Count == nil {
		o.Count = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.From == "" || len(o.To) == 0 {
		return nil, fmt.Errorf("mail needs an address that it is from, and at least one that it goes to")
	}
	c, err := client(o.URL, o.Authorities)
	if err != nil {
		return nil, err
	}
	p := &Post{o: o, client: c, queue: make(chan Letter, MaxWaiting)}
	_, err = p.message(Letter{})
	return p, err
}

// Send puts a letter into the queue. It is false, at once, if the queue is full.
func (p *Post) Send(l Letter) bool {
	select {
	case p.queue <- l:
		return true
	default:
		p.o.Count("full")
		p.o.Log.Error("a letter found no place: the mail server is away", "subject", l.Subject, "waiting", MaxWaiting)
		return false
	}
}

// Run sends what is in the queue, one letter after the other and each until the
// server has it, until ctx ends.
func (p *Post) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-p.queue:
			p.deliver(ctx, l)
		}
	}
}

func (p *Post) deliver(ctx context.Context, l Letter) {
	for pause := p.o.FirstRetry; ; pause = min(2*pause, lastRetry) {
		err := p.try(ctx, l)
		if err == nil {
			p.o.Count("sent")
			p.o.Log.Info("letter sent", "subject", l.Subject)
			if l.Sent != nil {
				l.Sent()
			}
			return
		}
		if ctx.Err() != nil {
			return
		}
		p.o.Count("failed")
		p.o.Log.Warn("letter not sent; it is tried again", "subject", l.Subject, "after", pause, "waiting", len(p.queue), "err", err)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

func (p *Post) try(ctx context.Context, l Letter) error {
	m, err := p.message(l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return p.client.DialAndSendWithContext(ctx, m)
}

func (p *Post) message(l Letter) (*mail.Msg, error) {
	m := mail.NewMsg()
	if err := m.From(p.o.From); err != nil {
		return nil, fmt.Errorf("the address that mail is from: %w", err)
	}
	if err := m.To(p.o.To...); err != nil {
		return nil, fmt.Errorf("an address that mail goes to: %w", err)
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetBulk()
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	return m, nil
}
