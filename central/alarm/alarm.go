package alarm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/central/post"
)

// Notice is one thing that holds now.
type Notice struct {
	Key  string // the same while it holds
	Text string // for a person, one line
}

// Rule finds notices.
type Rule struct {
	Name    string // of the rule in the file of what was told
	Subject string // of its letters
	Advice  string // what a person should do, one paragraph
	Find    func(context.Context) ([]Notice, error)
}

// Options is what an Alarm is made of.
type Options struct {
	Rules   []Rule
	Send    func(post.Letter) bool // false: come again later
	File    string                 // of what was told
	Central string                 // its name, for the subject
	Log     *slog.Logger           // nil is silent
}

// ErrTooEarly is a rule's answer when it cannot know yet.
var ErrTooEarly = errors.New("too early to say")

// Every is how often the rules look.
const Every = time.Minute

// maxLines is how many notices one letter lists.
const maxLines = 50

// Alarm looks, and writes letters.
type Alarm struct {
	o Options

	mu     sync.Mutex // guards what follows
	told   map[string]map[string]bool
	flying map[string]map[string]bool // in a letter that is not sent yet
}

// Open reads what was told. A file that cannot be read is begun anew: then some
// things are told twice.
func Open(o Options) *Alarm {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Alarm{o: o, told: map[string]map[string]bool{}, flying: map[string]map[string]bool{}}
	kept := map[string][]string{}
	text, err := os.ReadFile(o.File)
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		o.Log.Warn("what was told by mail cannot be read; some of it will be told again", "err", err)
	}
	for _, r := range o.Rules {
		a.told[r.Name], a.flying[r.Name] = map[string]bool{}, map[string]bool{}
		for _, key := range kept[r.Name] {
			a.told[r.Name][key] = true
		}
	}
	return a
}

// Run looks now and then, until ctx ends.
func (a *Alarm) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for ctx.Err() == nil {
		a.Look(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// Look asks every rule once. A rule that fails is asked again the next time; what it
// told stays told.
func (a *Alarm) Look(ctx context.Context) {
	for _, r := range a.o.Rules {
		found, err := r.Find(ctx)
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, ErrTooEarly) {
				a.o.Log.Warn("could not look for what should be told by mail", "rule", r.Name, "err", err)
			}
			continue
		}
		a.tell(r, found)
	}
}

func (a *Alarm) tell(r Rule, found []Notice) {
	a.mu.Lock()
	told, flying := a.told[r.Name], a.flying[r.Name]
	holds := map[string]bool{}
	var fresh []Notice
	for _, n := range found {
		holds[n.Key] = true
		if !told[n.Key] && !flying[n.Key] {
			fresh = append(fresh, n)
		}
	}
	forgot := false
	for key := range told {
		if !holds[key] {
			delete(told, key)
			forgot = true
		}
	}
	for _, n := range fresh {
		flying[n.Key] = true
	}
	a.mu.Unlock()
	if forgot {
		a.save()
	}
	if len(fresh) == 0 {
		return
	}
	if !a.o.Send(a.letter(r, fresh)) {
		a.landed(r, fresh, false)
	}
}

func (a *Alarm) letter(r Rule, fresh []Notice) post.Letter {
	var text strings.Builder
	for _, n := range fresh[:min(len(fresh), maxLines)] {
		fmt.Fprintf(&text, "- %s\n", n.Text)
	}
	if more := len(fresh) - maxLines; more > 0 {
		fmt.Fprintf(&text, "- and %d more\n", more)
	}
	fmt.Fprintf(&text, "\n%s\n", r.Advice)
	return post.Letter{Subject: fmt.Sprintf("[%s] %s (%d)", a.o.Central, r.Subject, len(fresh)), Text: text.String(),
		Sent: func() { a.landed(r, fresh, true) }}
}

// landed says what became of a letter.
func (a *Alarm) landed(r Rule, notices []Notice, sent bool) {
	a.mu.Lock()
	for _, n := range notices {
		delete(a.flying[r.Name], n.Key)
		if sent {
			a.told[r.Name][n.Key] = true
		}
	}
	a.mu.Unlock()
	if sent {
		a.save()
	}
}

// save keeps what was told.
func (a *Alarm) save() {
	a.mu.Lock()
	defer a.mu.Unlock()
	keep := map[string][]string{}
	for rule, keys := range a.told {
		for key := range keys {
			keep[rule] = append(keep[rule], key)
		}
		slices.Sort(keep[rule])
	}
	if err := write(a.o.File, keep); err != nil {
		a.o.Log.Error("what was told by mail was not kept; after a restart it is told again", "err", err)
	}
}

// write puts a file in its place as a whole.
func write(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
