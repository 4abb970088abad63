package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// PostgresOptions is what a Postgres is opened with.
type PostgresOptions struct {
	// URL says where, as libpq writes it: postgres://user@host/database. With
	// several hosts and target_session_attrs=read-write it follows a standby that
	// was promoted. A password may stand in it, or in PGPASSWORD or a .pgpass file.
	URL   string
	Clock ledger.Clock // for the time of receipt; nil is time.Now
	Codec *wire.Codec
	Log   *slog.Logger // nil is silent
}

// Postgres is a Store in a PostgreSQL database, or in an engine that speaks its
// protocol. Any number of central processes may work on one database: whoever
// appends to a log holds its row in the table of logs.
type Postgres struct {
	o    PostgresOptions
	pool *pgxpool.Pool
}

// OpenPostgres connects, and brings the tables up to date.
func OpenPostgres(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("open central's database: %w", err) // pgx takes the password out
	}
	config.AfterConnect = durable
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open central's database: %w", err)
	}
	if err := migrate(ctx, pool, o.Log); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open central's database: %w", err)
	}
	return &Postgres{o, pool}, nil
}

// durable makes a commit wait for the disk, and for the standby where the server
// has one to wait for, even if a default of the role or the database says
// otherwise: what central acknowledged, a station may forget.
func durable(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET synchronous_commit = on")
	if stateOf(err) == unknownSetting {
		return nil // another engine, which always waits
	}
	return err
}

// Claim implements Store.
func (p *Postgres) Claim(ctx context.Context, key ed25519.PublicKey) error {
	return p.within(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO central (one, key) VALUES (1, $1) ON CONFLICT DO NOTHING`, []byte(key)); err != nil {
			return err
		}
		var found []byte
		if err := tx.QueryRow(ctx, `SELECT key FROM central WHERE one = 1`).Scan(&found); err != nil {
			return err
		}
		if !bytes.Equal(found, key) {
			return ErrOtherCentral
		}
		return nil
	})
}

// Close lets what is under way end.
func (p *Postgres) Close() error {
	p.pool.Close()
	return nil
}

// States of SQL errors.
const (
	serializationFailure = "40001"
	deadlock             = "40P01"
	unknownSetting       = "42704"
)

func stateOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

const maxTries = 8

// within runs f in a transaction, again where the engine says that it came into
// another one's way; then nothing of it was done.
func (p *Postgres) within(ctx context.Context, f func(pgx.Tx) error) (err error) {
	for try := range maxTries {
		if try > 0 {
			pause := time.NewTimer(time.Duration(rand.Int64N(int64(5*time.Millisecond) << try)))
			select {
			case <-ctx.Done():
				pause.Stop()
				return ctx.Err()
			case <-pause.C:
			}
		}
		err = pgx.BeginFunc(ctx, p.pool, f)
		if state := stateOf(err); state != serializationFailure && state != deadlock {
			return err
		}
	}
	return err
}

// Enrol implements Store.
func (p *Postgres) Enrol(ctx context.Context, first ledger.Entry) (out Log, err error) {
	identity, err := wire.IdentityOf(&first)
	if err != nil {
		return out, err
	}
	err = p.within(ctx, func(tx pgx.Tx) error {
		now := p.o.Clock().UnixMicro()
		made, err := tx.Exec(ctx, `INSERT INTO log (log_id, station, first, head_seq, head_leaf, taken, returned, receipts, enrolled, received)
			VALUES ($1, $2, $3, 0, ''::bytea, 0, 0, 0, $4, $4) ON CONFLICT DO NOTHING`,
			uuid.UUID(first.Log), string(identity.Station), first.Raw, now)
		if err != nil {
			return err
		}
		if made.RowsAffected() == 1 {
			if err := p.put(ctx, tx, first.Log, []ledger.Entry{first}, now); err != nil {
				return err
			}
		}
		row, err := readRow(ctx, tx, first.Log, "")
		if err != nil {
			return err
		}
		if !bytes.Equal(row.first, first.Raw) {
			out = row.Log
			return ErrOtherKey
		}
		out = row.Log
		return nil
	})
	return out, err
}

// put stores fresh entries with their postings and moves the head.
func (p *Postgres) put(ctx context.Context, tx pgx.Tx, log ledger.LogID, fresh []ledger.Entry, now int64) error {
	id := uuid.UUID(log)
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"entry"},
		[]string{"log_id", "seq", "command", "kind", "actor", "day", "made", "received", "leaf", "raw"},
		pgx.CopyFromSlice(len(fresh), func(i int) ([]any, error) {
			e := &fresh[i]
			return []any{id, int64(e.Seq), uuid.UUID(e.Command), text(string(e.Kind)), text(e.Actor), int32(e.Date), e.Micros, now, e.Leaf[:], e.Raw}, nil
		}))
	if err != nil {
		return err
	}
	if err := putPostings(ctx, tx, id, fresh); err != nil {
		return err
	}
	last := &fresh[len(fresh)-1]
	_, err = tx.Exec(ctx, `UPDATE log SET head_seq = $2, head_leaf = $3, taken = $4, returned = $5, receipts = $6, received = $7 WHERE log_id = $1`,
		id, int64(last.Seq), last.Leaf[:], int64(last.Totals.Taken), int64(last.Totals.Returned), int64(last.Totals.Receipts), now)
	return err
}

// putPostings stores the postings of entries, and the names of their accounts
// where they are new.
func putPostings(ctx context.Context, tx pgx.Tx, log uuid.UUID, fresh []ledger.Entry) error {
	var rows [][]any
	ids := make(map[string]int64)
	for i := range fresh {
		for n, l := range fresh[i].Lines {
			name := text(string(l.Account))
			if _, known := ids[name]; !known {
				ids[name] = accountID(name)
			}
			rows = append(rows, []any{ids[name], text(l.Sub), log, int64(fresh[i].Seq), int16(n), int64(l.Amount)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	// In order, so that two that write the same new names do not wait for each other.
	names := slices.Sorted(maps.Keys(ids))
	sorted := make([]int64, len(names))
	for i, name := range names {
		sorted[i] = ids[name]
	}
	_, err := tx.Exec(ctx, `INSERT INTO account (id, name) SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING`, sorted, names)
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"posting"}, []string{"account", "sub", "log_id", "seq", "line", "cents"}, pgx.CopyFromRows(rows))
	return err
}

// accountID is made from the hash of an account's name, so that every central
// process has the same without asking.
func accountID(name string) int64 {
	sum := sha256.Sum256([]byte(name))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// text is a string as a text column takes it. A station may have signed
// anything, and what it signed lies in raw as it is.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Append implements Store.
func (p *Postgres) Append(ctx context.Context, batch wire.Batch) (Log, error) {
	id := batch.Header.Log
	known, err := p.Log(ctx, id)
	if err != nil {
		return known, err
	}
	// A log's key never changes, so the costly part needs no transaction.
	entries, unfit := p.o.Codec.Open(known.Identity.Key, batch)
	if unfit != nil {
		problem, evidence := Unfit(unfit)
		if !evidence {
			return known, unfit
		}
		return known, p.keep(ctx, batch, &Conflict{Problem: problem, At: batch.Header.From, Cause: unfit})
	}
	var out Log
	err = p.within(ctx, func(tx pgx.Tx) error {
		row, err := readRow(ctx, tx, id, "FOR UPDATE")
		if err != nil {
			return err
		}
		leaves, err := leavesOf(ctx, tx, row.Log, entries)
		if err != nil {
			return err
		}
		fresh, err := Place(row.Head, batch.Header.Prev, entries, leaves)
		if err != nil {
			return err
		}
		out = row.Log
		if len(fresh) == 0 {
			return nil
		}
		now := p.o.Clock().UnixMicro()
		last := &fresh[len(fresh)-1]
		out.Head = ledger.Head{Seq: last.Seq, Leaf: last.Leaf, Totals: last.Totals}
		out.Received = time.UnixMicro(now).UTC()
		return p.put(ctx, tx, id, fresh, now)
	})
	var conflict *Conflict
	if errors.As(err, &conflict) {
		return known, p.keep(ctx, batch, conflict)
	}
	return out, err
}

// Keep implements Store.
func (p *Postgres) Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error {
	known, err := p.Log(ctx, batch.Header.Log)
	if err != nil {
		return err
	}
	if _, err := p.o.Codec.Open(known.Identity.Key, batch); err != nil {
		return err
	}
	return p.keep(ctx, batch, &Conflict{Problem: reason, At: batch.Header.From})
}

// Extend implements Store.
func (p *Postgres) Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (out Log, err error) {
	err = p.within(ctx, func(tx pgx.Tx) error {
		row, err := readRow(ctx, tx, id, "FOR UPDATE")
		if err != nil {
			return err
		}
		if err := extends(row.Head, entries); err != nil {
			return err
		}
		if out = row.Log; len(entries) == 0 {
			return nil
		}
		now := p.o.Clock().UnixMicro()
		last := &entries[len(entries)-1]
		out.Head = ledger.Head{Seq: last.Seq, Leaf: last.Leaf, Totals: last.Totals}
		out.Received = time.UnixMicro(now).UTC()
		return p.put(ctx, tx, id, entries, now)
	})
	return out, err
}

// leavesOf reads, at once, the leaves that Place will ask for.
func leavesOf(ctx context.Context, tx pgx.Tx, log Log, entries []ledger.Entry) (func(uint64) (ledger.Leaf, error), error) {
	from, to := entries[0].Seq-1, min(entries[len(entries)-1].Seq, log.Head.Seq)
	found := map[uint64]ledger.Leaf{log.Head.Seq: log.Head.Leaf}
	if from < log.Head.Seq {
		rows, err := tx.Query(ctx, `SELECT seq, leaf FROM entry WHERE log_id = $1 AND seq BETWEEN $2 AND $3`, uuid.UUID(log.ID), int64(from), int64(to))
		if err != nil {
			return nil, err
		}
		var seq int64
		var leaf []byte
		if _, err := pgx.ForEachRow(rows, []any{&seq, &leaf}, func() error {
			found[uint64(seq)] = ledger.Leaf(leaf)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return func(seq uint64) (ledger.Leaf, error) {
		leaf, is := found[seq]
		if !is {
			return leaf, missing(log.ID, seq)
		}
		return leaf, nil
	}, nil
}

// keep stores a batch that does not fit as evidence, unless it is only a gap,
// and completes the conflict with the log as it stands.
func (p *Postgres) keep(ctx context.Context, batch wire.Batch, c *Conflict) error {
	err := p.within(ctx, func(tx pgx.Tx) error {
		row, err := readRow(ctx, tx, batch.Header.Log, "FOR UPDATE")
		if err != nil {
			return err
		}
		c.Log = row.Log
		if c.Problem == wire.ProblemGap {
			return nil
		}
		return p.putEvidence(ctx, tx, batch, c)
	})
	if err != nil {
		return fmt.Errorf("keep the evidence of a conflict (%v): %w", c, err)
	}
	return c
}

func (p *Postgres) putEvidence(ctx context.Context, tx pgx.Tx, batch wire.Batch, c *Conflict) error {
	h := batch.Header
	id, hash := uuid.UUID(h.Log), ledger.LeafOf(h.Signature)
	var known bool
	err := tx.QueryRow(ctx, `SELECT count(*) > 0 FROM evidence WHERE log_id = $1 AND hash = $2`, id, hash[:]).Scan(&known)
	if err != nil || known {
		return err
	}
	if c.Log.Evidence < MaxEvidence {
		if _, err := tx.Exec(ctx, `INSERT INTO evidence (log_id, hash, reason, received, from_seq, prev, count, last, signature, packed)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, id, hash[:], string(c.Problem), p.o.Clock().UnixMicro(),
			int64(h.From), h.Prev[:], int32(h.Count), h.Last[:], h.Signature, batch.Packed); err != nil {
			return err
		}
	}
	c.Log.Evidence++
	c.Log.Trouble = c.Problem
	_, err = tx.Exec(ctx, `UPDATE log SET evidence = evidence + 1, trouble = $2 WHERE log_id = $1`, id, string(c.Problem))
	return err
}
