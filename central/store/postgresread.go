package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// logRow is a Log with the bytes of its first entry.
type logRow struct {
	Log
	first []byte
}

const logColumns = `log_id, first, head_seq, head_leaf, taken, returned, receipts, enrolled, received, evidence, trouble`

// scanLog reads a row of logColumns.
func scanLog(row pgx.CollectableRow) (out logRow, err error) {
	var id uuid.UUID
	var leaf []byte
	var seq, taken, returned, receipts, enrolled, received, evidence int64
	var trouble string
	if err := row.Scan(&id, &out.first, &seq, &leaf, &taken, &returned, &receipts, &enrolled, &received, &evidence, &trouble); err != nil {
		return out, err
	}
	first, err := ledger.DecodeEntry(out.first)
	if err != nil {
		return out, fmt.Errorf("read log %s in central's database: %w", ledger.LogID(id), err)
	}
	identity, err := wire.IdentityOf(&first)
	if err != nil {
		return out, fmt.Errorf("read log %s in central's database: %w", ledger.LogID(id), err)
	}
	out.Log = Log{
		ID: ledger.LogID(id), Identity: identity, Head: ledger.Head{Seq: uint64(seq)},
		Enrolled: time.UnixMicro(enrolled).UTC(), Received: time.UnixMicro(received).UTC(),
		Evidence: uint64(evidence), Trouble: wire.Problem(trouble),
	}
	out.Head.Totals.Taken, out.Head.Totals.Returned, out.Head.Totals.Receipts = ledger.Cents(taken), ledger.Cents(returned), uint64(receipts)
	if len(leaf) != len(out.Head.Leaf) {
		return out, fmt.Errorf("central's database is damaged: the head of log %s has %d bytes", out.ID, len(leaf))
	}
	copy(out.Head.Leaf[:], leaf)
	return out, nil
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// readRow reads a log; lock is "FOR UPDATE" or nothing.
func readRow(ctx context.Context, from querier, id ledger.LogID, lock string) (logRow, error) {
	rows, err := from.Query(ctx, `SELECT `+logColumns+` FROM log WHERE log_id = $1 `+lock, uuid.UUID(id))
	if err != nil {
		return logRow{}, err
	}
	row, err := pgx.CollectExactlyOneRow(rows, scanLog)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, ErrUnknownLog
	}
	return row, err
}

// Log implements Store.
func (p *Postgres) Log(ctx context.Context, id ledger.LogID) (Log, error) {
	row, err := readRow(ctx, p.pool, id, "")
	return row.Log, err
}

// Logs implements Store.
func (p *Postgres) Logs(ctx context.Context) ([]Log, error) {
	rows, err := p.pool.Query(ctx, `SELECT `+logColumns+` FROM log ORDER BY station, enrolled`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Log, error) {
		one, err := scanLog(row)
		return one.Log, err
	})
}

// Entries implements Store.
func (p *Postgres) Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) ([]Stored, error) {
	return p.read(ctx, id, max(from, 1), 1, limit, `SELECT seq, received, raw FROM entry WHERE log_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3`)
}

// Before implements Store.
func (p *Postgres) Before(ctx context.Context, id ledger.LogID, before uint64, limit int) ([]Stored, error) {
	log, err := p.Log(ctx, id)
	if err != nil {
		return nil, err
	}
	top := log.Head.Seq
	if before > 0 {
		top = min(top, before-1)
	}
	return p.read(ctx, id, top, -1, limit, `SELECT seq, received, raw FROM entry WHERE log_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT $3`)
}

// read reads entries from number at on, and says so if one is missing or is not
// the one that belongs there.
func (p *Postgres) read(ctx context.Context, id ledger.LogID, at uint64, step int64, limit int, query string) ([]Stored, error) {
	rows, err := p.pool.Query(ctx, query, uuid.UUID(id), int64(at), min(limit, maxRead))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Stored, error) {
		var seq, received int64
		var raw []byte
		if err := row.Scan(&seq, &received, &raw); err != nil {
			return Stored{}, err
		}
		want := at
		at += uint64(step)
		if uint64(seq) != want {
			return Stored{}, missing(id, want)
		}
		return decodeStored(id, want, received, raw)
	})
}

// Evidence implements Store.
func (p *Postgres) Evidence(ctx context.Context, id ledger.LogID) ([]Evidence, error) {
	rows, err := p.pool.Query(ctx, `SELECT reason, received, from_seq, prev, count, last, signature, packed FROM evidence
		WHERE log_id = $1 ORDER BY received, from_seq`, uuid.UUID(id))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Evidence, error) {
		var r evidenceRecord
		var reason string
		var from int64
		var count int32
		var prev, last []byte
		if err := row.Scan(&reason, &r.Received, &from, &prev, &count, &last, &r.Signature, &r.Packed); err != nil {
			return Evidence{}, err
		}
		r.Reason, r.From, r.Count = wire.Problem(reason), uint64(from), int(count)
		copy(r.Prev[:], prev)
		copy(r.Last[:], last)
		return r.evidence(id), nil
	})
}
