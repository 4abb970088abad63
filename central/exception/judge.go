package exception

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what a Judge is made of.
type Options struct {
	Store store.Store
	Own   ledger.LogID // central's own log, which is not judged
	// Accounts is nil where no reference data are kept; then no account is judged.
	Accounts Accounts
	Limits   Limits
	Zone     *time.Location // the utility's; nil is UTC
	Clock    ledger.Clock   // nil is time.Now
}

// Judge reads what stations sent and keeps what it finds. Its methods may be called
// from any goroutine. What it keeps is in memory and made anew at the next start.
type Judge struct {
	o Options

	mu       sync.Mutex // guards what follows
	logs     map[ledger.LogID]*judged
	found    []Exception
	seen     map[string]bool
	payments map[paidKey][]paid
	undone   map[ref]bool
	pairs    []pair
	newest   time.Time
}

// judged is how far a log was read, with what is not over.
type judged struct {
	log      store.Log
	seq      uint64
	ahead    bool
	sessions map[cash.SessionID]opened
}

type opened struct {
	seq  uint64
	at   time.Time
	name string
}

type ref struct {
	log ledger.LogID
	seq uint64
}

type paidKey struct {
	account account.No
	amount  ledger.Cents
}

type paid struct {
	ref
	station ledger.StationID
	at      time.Time
}

// pair is two payments that may be one.
type pair struct {
	one, other ref
	exception  Exception
}

// New has judged nothing yet.
func New(o Options) *Judge {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Judge{o: o, logs: make(map[ledger.LogID]*judged), seen: make(map[string]bool),
		payments: make(map[paidKey][]paid), undone: make(map[ref]bool)}
}

// step is how many entries are read at once; between two steps others may list.
const step = 2000

// Follow judges what came since the last time. It may take long at the first call.
func (j *Judge) Follow(ctx context.Context) error {
	logs, err := j.o.Store.Logs(ctx)
	if err != nil {
		return err
	}
	for _, log := range logs {
		if log.ID == j.o.Own || log.Identity.Training {
			continue
		}
		for more := true; more; {
			if more, err = j.next(ctx, log); err != nil {
				return fmt.Errorf("judge the entries of station %s: %w", log.Identity.Station, err)
			}
		}
		if log.Evidence > 0 {
			if err := j.evidence(ctx, log); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *Judge) next(ctx context.Context, log store.Log) (more bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	in := j.logs[log.ID]
	if in == nil {
		in = &judged{sessions: make(map[cash.SessionID]opened)}
		j.logs[log.ID] = in
	}
	in.log = log
	if in.seq >= log.Head.Seq {
		return false, nil
	}
	entries, err := j.o.Store.Entries(ctx, log.ID, in.seq+1, step)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	for i := range entries {
		if err := j.take(in, &entries[i]); err != nil {
			return false, err
		}
		in.seq = entries[i].Seq
	}
	return in.seq < log.Head.Seq, nil
}

// Behind is how many entries are not judged yet.
func (j *Judge) Behind(ctx context.Context) (n uint64, err error) {
	logs, err := j.o.Store.Logs(ctx)
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, log := range logs {
		if log.ID == j.o.Own || log.Identity.Training {
			continue
		}
		n += log.Head.Seq
		if in := j.logs[log.ID]; in != nil {
			n -= min(in.seq, log.Head.Seq)
		}
	}
	return n, err
}

// List is what was found, the newest first. A session that is open over midnight now
// is in it.
func (j *Judge) List() []Exception {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := slices.Clone(j.found)
	for _, p := range j.pairs {
		if !j.undone[p.one] && !j.undone[p.other] {
			out = append(out, p.exception)
		}
	}
	today := ledger.DateOf(j.o.Clock().In(j.o.Zone))
	for _, in := range j.logs {
		for id, s := range in.sessions {
			if ledger.DateOf(s.at.In(j.o.Zone)) < today {
				out = append(out, midnight(in, id, s, "and is still open"))
			}
		}
	}
	slices.SortFunc(out, func(a, b Exception) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// find keeps an exception, once.
func (j *Judge) find(e Exception) {
	if !j.seen[e.ID] {
		j.seen[e.ID] = true
		j.found = append(j.found, e)
	}
}

func (in *judged) at(seq uint64) Place {
	return Place{in.log.ID, in.log.Identity.Station, seq}
}

// id names an exception by what it is about.
func (in *judged) id(kind Kind, about any) string {
	return fmt.Sprintf("%s %s %v", strings.ReplaceAll(string(kind), " ", "-"), in.log.ID, about)
}

// evidence finds each batch that was kept apart.
func (j *Judge) evidence(ctx context.Context, log store.Log) error {
	kept, err := j.o.Store.Evidence(ctx, log.ID)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	in := j.logs[log.ID]
	for _, e := range kept {
		h := e.Batch.Header
		one := Exception{Kind: Evidence, At: e.Received, Where: []Place{in.at(0)},
			What: fmt.Sprintf("%d entries from number %d did not fit (%s) and were kept apart.", h.Count, h.From, e.Reason)}
		if e.Reason == wire.ProblemRevoked {
			one.Kind = AfterRevocation
			one.What = fmt.Sprintf("%d entries from number %d came after the station was revoked, and were kept apart.", h.Count, h.From)
		}
		one.ID = in.id(one.Kind, fmt.Sprintf("%d-%s", h.From, h.Last.String()[:16]))
		j.find(one)
	}
	if log.Evidence > uint64(len(kept)) {
		j.find(Exception{ID: in.id(Evidence, "more"), Kind: Evidence, At: log.Received, Where: []Place{in.at(0)},
			What: "More batches did not fit than central keeps; the station has them."})
	}
	return nil
}
