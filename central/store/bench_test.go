package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// BenchmarkAppend takes in batches of 500 payments, fully verified. "checked" is
// what the checks alone allow, the limit that the disk takes from in "stored".
func BenchmarkAppend(b *testing.B) {
	const size = 500
	s := storetest.NewStation(b, "A1")
	s.Pay(b, size, 4250)
	batch := s.Batch(b, 2, size)
	codec, err := wire.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("checked", func(b *testing.B) {
		for b.Loop() {
			if _, err := codec.Open(s.Key.Public(), batch); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "entries/s")
		b.ReportMetric(float64(len(batch.Packed))/size, "B/entry")
	})
	b.Run("stored", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			kept := openBolt(b, b.TempDir(), nil)
			if _, err := kept.Enrol(b.Context(), s.Entries(b, 1, 1)[0]); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if _, err := kept.Append(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if err := kept.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}

// BenchmarkPostgresIngest takes in the logs of eight stations at once, fully
// verified, with their postings. "ratio" is its speed over that of a bare COPY of
// the same rows into tables with the same indexes, measured in the same run.
func BenchmarkPostgresIngest(b *testing.B) {
	const stations, payments = 8, 6000
	server := storetest.StartPostgres(b)
	batches := make([][]wire.Batch, stations)
	firsts := make([]ledger.Entry, stations)
	entries := make([][]ledger.Entry, stations)
	for i := range stations {
		s := storetest.NewStation(b, ledger.StationID(rune('A'+i)))
		s.Pay(b, payments, 4250)
		firsts[i], entries[i] = s.Entries(b, 1, 1)[0], s.Entries(b, 2, payments)
		for from := uint64(2); from <= payments; from += wire.MaxEntries {
			batches[i] = append(batches[i], s.Batch(b, from, wire.MaxEntries))
		}
	}
	var taken, copied time.Duration
	for b.Loop() {
		url := server.Database(b)
		central := openPostgres(b, url, nil)
		for i := range stations {
			if _, err := central.Enrol(b.Context(), firsts[i]); err != nil {
				b.Fatal(err)
			}
		}
		taken += each(stations, func(i int) {
			for _, batch := range batches[i] {
				if _, err := central.Append(b.Context(), batch); err != nil {
					b.Error(err)
				}
			}
		})
		central.Close()
		bare := server.Database(b)
		openPostgres(b, bare, nil).Close() // makes the tables
		pool, err := pgxpool.New(b.Context(), bare)
		if err != nil {
			b.Fatal(err)
		}
		copied += each(stations, func(i int) {
			for at := 0; at < payments; at += wire.MaxEntries {
				if err := bareCopy(b.Context(), pool, entries[i][at:min(payments, at+wire.MaxEntries)]); err != nil {
					b.Error(err)
				}
			}
		})
		pool.Close()
	}
	n := float64(stations * payments * b.N)
	b.ReportMetric(n/taken.Seconds(), "entries/s")
	b.ReportMetric(n/copied.Seconds(), "copied/s")
	b.ReportMetric(copied.Seconds()/taken.Seconds(), "ratio")
	b.ReportMetric(0, "ns/op")
}

func each(n int, do func(i int)) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
	return time.Since(began)
}

// bareCopy writes the rows of a batch, in one transaction, and nothing else.
func bareCopy(ctx context.Context, pool *pgxpool.Pool, entries []ledger.Entry) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var rows, lines [][]any
		for i := range entries {
			e := &entries[i]
			rows = append(rows, []any{uuid.UUID(e.Log), int64(e.Seq), uuid.UUID(e.Command), string(e.Kind), e.Actor, int32(e.Date), e.Micros, e.Micros, e.Leaf[:], e.Raw})
			for n, l := range e.Lines {
				lines = append(lines, []any{int64(len(l.Account)), l.Sub, uuid.UUID(e.Log), int64(e.Seq), int16(n), int64(l.Amount)})
			}
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"entry"}, []string{"log_id", "seq", "command", "kind", "actor", "day", "made", "received", "leaf", "raw"}, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"posting"}, []string{"account", "sub", "log_id", "seq", "line", "cents"}, pgx.CopyFromRows(lines))
		return err
	})
}
