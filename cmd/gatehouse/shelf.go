package main

import (
	"context"
	"path/filepath"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
	"gatehouse/ui/cashier/flow"
)

// shelf is the station's reference data as the protocol speaks of it.
type shelf struct{ live *desk.Live }

// feeds are what a station has a place for.
func feeds() []string { return []string{account.Feed, staff.Feed} }

func (s shelf) Have(feed string) uint64 { return s.live.About().Feed(feed) }

func (s shelf) Look() (bool, error) { return s.live.Look() }

// Replace puts the feeds into one set. What the customers' manifest says of the
// balances holds for the set.
func (s shelf) Replace(ctx context.Context, fresh []station.Fresh) error {
	var about reference.About
	sets := desk.Feeds{}
	for _, f := range fresh {
		m := f.Manifest
		about.Feeds = append(about.Feeds, reference.FeedVersion{Feed: m.Feed, Version: m.Version})
		if m.Feed == account.Feed {
			about.Version, about.AsOf = m.Version, m.At()
			for _, c := range m.Counted {
				about.Counted = append(about.Counted, reference.Counted{Log: c.Log, Through: c.Through})
			}
		}
		sets[m.Feed] = func(yield func(reference.Raw, error) bool) {
			for r, err := range f.Records {
				if !yield(reference.Raw{Key: r.Key, Value: r.Value}, err) {
					return
				}
			}
		}
	}
	return s.live.Replace(ctx, about, sets)
}

// openPuller begins to fetch reference data.
func (r *running) openPuller() (err error) {
	if r.central == nil {
		return nil
	}
	r.puller, err = station.NewPuller(r.central, station.PullOptions{Feeds: feeds(), Folder: filepath.Join(r.o.data, "chunks"), Shelf: shelf{r.live}, Hears: r.hears})
	if err == nil {
		r.others.Go(func() { r.puller.Run(r.ctx, r.desk.Book) })
	}
	return err
}

// hears notes what other stations took.
func (r *running) hears(anew bool, paid []wire.Paid) {
	elsewhere := r.desk.Accounts.Elsewhere
	if anew {
		elsewhere.Forget()
	}
	rows := make([]account.Paid, len(paid))
	for i, p := range paid {
		rows[i] = account.Paid{Account: account.No(p.Account), Log: p.Log, Seq: p.Seq, Station: p.Station, At: time.UnixMicro(p.Micros), Amount: p.Amount}
	}
	elsewhere.Note(r.live.About(), rows)
}

// fetched are the news of reference data; nil, which never comes, where there is no
// central.
func (r *running) fetched() (<-chan station.PullState, func()) {
	if r.puller == nil {
		return nil, func() {}
	}
	return r.puller.Subscribe()
}

// dataOf says in the cashier's words how customers and staff are.
func dataOf(s station.PullState, about reference.About) flow.Data {
	d := flow.Data{Version: about.Version, Fresh: s.Replaced + s.Heard, Making: s.Building, None: about.AsOf.IsZero()}
	if s.Total > 0 {
		d.Percent = int(max(1, s.Fetched*100/s.Total))
	}
	switch s.Code {
	case station.CodeReferenceOlder, station.CodeReferenceTooNew, station.CodeReferenceBroken, station.CodeOtherKey:
		d.Stale = true
	}
	return d
}
