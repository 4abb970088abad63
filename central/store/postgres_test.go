package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func openPostgres(t testing.TB, url string, clock ledger.Clock) *store.Postgres {
	t.Helper()
	codec, err := wire.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenPostgres(context.Background(), store.PostgresOptions{URL: url, Clock: clock, Codec: codec})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPostgres holds it to the same suite as the embedded store. Each place is a
// database of its own.
func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	databases := map[string]string{}
	storetest.Run(t, func(t testing.TB, place string, clock ledger.Clock) store.Store {
		if databases[place] == "" {
			databases[place] = server.Database(t)
		}
		return openPostgres(t, databases[place], clock)
	})
}

// TestManyCentralsStartAtOnce: one of them makes the tables, all of them work.
func TestManyCentralsStartAtOnce(t *testing.T) {
	url := storetest.StartPostgres(t).Database(t)
	station := storetest.NewStation(t, "A1")
	station.Pay(t, 40, 1250)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			central := openPostgres(t, url, nil)
			defer central.Close()
			if _, err := central.Enrol(t.Context(), station.Entries(t, 1, 1)[0]); err != nil {
				t.Error(err)
			}
			// Each sends all of it, in pieces, over the others.
			for from := uint64(1); from <= 41; from += 7 {
				if _, err := central.Append(t.Context(), station.Batch(t, from, 7)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	central := openPostgres(t, url, nil)
	defer central.Close()
	station.Same(t, entriesOf(t, central, station))
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var lines, sum, drawer int64
	if err := conn.QueryRow(t.Context(), `SELECT count(*), sum(cents), sum(cents) FILTER (WHERE name = 'assets:drawer:cash') FROM posting JOIN account ON account.id = posting.account`).Scan(&lines, &sum, &drawer); err != nil {
		t.Fatal(err)
	}
	if lines != 80 || sum != 0 || drawer != 40*1250 {
		t.Errorf("%d postings that sum to %d, with %d in the drawer", lines, sum, drawer)
	}
}

func entriesOf(t testing.TB, s store.Store, station *storetest.Station) []ledger.Entry {
	t.Helper()
	stored, err := s.Entries(context.Background(), station.Book.Identity().Log, 1, 2000)
	if err != nil {
		t.Fatal(err)
	}
	var out []ledger.Entry
	for i := range stored {
		out = append(out, stored[i].Entry)
	}
	return out
}

func TestPostgresRefusesTablesOfALaterVersion(t *testing.T) {
	url := storetest.StartPostgres(t).Database(t)
	openPostgres(t, url, nil).Close()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)`); err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenPostgres(t.Context(), store.PostgresOptions{URL: url})
	if err == nil || !strings.Contains(err.Error(), "written by a later version (9000") {
		t.Errorf("got %v", err)
	}
}

// TestPasswordIsNotInTheError: the URL of a database is a secret in parts.
func TestPasswordIsNotInTheError(t *testing.T) {
	for _, url := range []string{
		"postgres://gatehouse:swordfish@/central?host=/nowhere",
		"postgres://gatehouse:swordfish@127.0.0.1:1/central?connect_timeout=1",
		"postgres://gatehouse:swordfish@host:port/central",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := store.OpenPostgres(ctx, store.PostgresOptions{URL: url})
		cancel()
		if err == nil || strings.Contains(err.Error(), "swordfish") || !strings.Contains(err.Error(), "central's database") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestFailover kills the primary under load and promotes its standby. Whatever
// was acknowledged is there, and the stations go on by themselves.
func TestFailover(t *testing.T) {
	primary := storetest.StartPostgres(t)
	url := primary.Database(t)
	standby := primary.Standby(t)
	central := openPostgres(t, primary.Either(standby, url), nil)
	defer central.Close()
	const stations, payments, upTo = 4, 400, 15
	type sender struct {
		*storetest.Station
		acknowledged ledger.Head
	}
	var senders []*sender
	for i := range stations {
		s := &sender{Station: storetest.NewStation(t, ledger.StationID([]string{"A1", "A2", "B1", "B2"}[i]))}
		s.Pay(t, payments, 995)
		if _, err := central.Enrol(t.Context(), s.Entries(t, 1, 1)[0]); err != nil {
			t.Fatal(err)
		}
		senders = append(senders, s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	midway := make(chan struct{}, stations)
	var all sync.WaitGroup
	lost := make(chan int, stations)
	for _, s := range senders {
		all.Go(func() {
			failed := 0
			defer func() { lost <- failed }()
			for s.acknowledged.Seq <= payments {
				log, err := central.Append(ctx, s.Batch(t, s.acknowledged.Seq+1, upTo))
				var conflict *store.Conflict
				switch {
				case errors.As(err, &conflict) && conflict.Problem == wire.ProblemGap:
					t.Errorf("central forgot: %v", err)
					return
				case err != nil && ctx.Err() != nil:
					t.Errorf("it did not go on: %v", err)
					return
				case err != nil:
					failed++
					continue
				}
				before := s.acknowledged.Seq
				s.acknowledged = log.Head
				if before < payments/2 && s.acknowledged.Seq >= payments/2 {
					midway <- struct{}{}
				}
			}
		})
	}
	for range stations {
		<-midway
	}
	primary.Kill(t)
	killed := time.Now()
	standby.Promote(t)
	all.Wait()
	t.Logf("all were done %v after the kill", time.Since(killed).Round(time.Millisecond))
	failed := 0
	for range stations {
		failed += <-lost
	}
	if failed == 0 {
		t.Error("nothing failed: the primary was not killed under load")
	}
	for _, s := range senders {
		s.Same(t, entriesOf(t, central, s.Station))
	}
}
