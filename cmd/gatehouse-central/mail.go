package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gatehouse/central/alarm"
	"gatehouse/central/meter"
	"gatehouse/central/post"
)

// mailing is whom central writes to.
type mailing struct {
	url, from, to, ca string
	silent            time.Duration
}

func (c *mailing) flags(flags *flag.FlagSet) {
	flags.StringVar(&c.url, "smtp-url", "", "`URL` of the mail server, like smtp://name:password@mail.example:587 (STARTTLS), smtps://mail.example, or smtp://127.0.0.1?starttls=no. Other users of this machine can see a password given here: the environment or --config is better")
	flags.StringVar(&c.from, "mail-from", "", "`address` that central's mail is from")
	flags.StringVar(&c.to, "mail-to", "", "`addresses` that it goes to, commas between")
	flags.StringVar(&c.ca, "smtp-ca", "", "PEM `file` of the authority of the mail server, for a private one")
	flags.DurationVar(&c.silent, "mail-silent", 24*time.Hour, "after how long without a word from a station mail is sent; a `time` like 12h. With several central processes on one database, longer than a station ever has nothing new")
}

func (c *mailing) check() error {
	given := c.url != ""
	if given != (c.from != "") || given != (c.to != "") {
		return errors.New("--smtp-url, --mail-from and --mail-to go together")
	}
	if c.silent < time.Hour {
		return errors.New("--mail-silent is an hour or more")
	}
	return nil
}

// mail tells people what the rules find, until ctx ends, and returns how to wait for
// that. Whatever the mail server does, nothing else waits for it.
func (m *Main) mail(ctx context.Context, c config, count *meter.Meter, rules []alarm.Rule) (wait func(), err error) {
	if c.mailing.url == "" {
		return func() {}, nil
	}
	o := post.Options{URL: c.mailing.url, From: c.mailing.from, To: commas(c.mailing.to), Count: count.Letter, Log: m.Log}
	if c.mailing.ca != "" {
		if o.Authorities, err = os.ReadFile(c.mailing.ca); err != nil {
			return nil, fmt.Errorf("--smtp-ca: %w", err)
		}
	}
	office, err := post.New(o)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	watch := alarm.Open(alarm.Options{Rules: rules, Send: office.Send, File: filepath.Join(c.data, "told.json"), Central: c.name, Log: m.Log})
	var both sync.WaitGroup
	both.Go(func() { office.Run(ctx) })
	both.Go(func() { watch.Run(ctx) })
	return both.Wait, nil
}
