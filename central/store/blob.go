package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	bolt "go.etcd.io/bbolt"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// checkBlob refuses what no store keeps.
func checkBlob(feed string, bytes []byte) error {
	if err := wire.CheckFeed(feed); err != nil {
		return err
	}
	if len(bytes) == 0 || len(bytes) > MaxBlob {
		return fmt.Errorf("a piece of %s of %d bytes, want 1 to %d: %w", feed, len(bytes), MaxBlob, wire.ErrSize)
	}
	return nil
}

// PutBlob implements Store.
func (b *Bolt) PutBlob(ctx context.Context, feed string, content []byte) (wire.Hash, error) {
	name := wire.HashOf(content)
	if err := checkBlob(feed, content); err != nil {
		return name, err
	}
	return name, b.update(ctx, func(tx *bolt.Tx) error {
		return tx.Bucket(bucketBlobs).Put(append(name[:], feed...), append(ledger.SeqKey(uint64(b.o.Clock().UnixMicro())), content...))
	})
}

// Blob implements Store.
func (b *Bolt) Blob(ctx context.Context, name wire.Hash) (out []byte, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		k, v := tx.Bucket(bucketBlobs).Cursor().Seek(name[:])
		if !bytes.HasPrefix(k, name[:]) || len(v) < 8 {
			return ErrNoBlob
		}
		out = bytes.Clone(v[8:])
		return nil
	})
	return out, err
}

// DropBlobs implements Store.
func (b *Bolt) DropBlobs(ctx context.Context, feed string, keep []wire.Hash, before time.Time) (dropped int, err error) {
	kept := make(map[wire.Hash]bool, len(keep))
	for _, name := range keep {
		kept[name] = true
	}
	err = b.update(ctx, func(tx *bolt.Tx) error {
		dropped = 0
		bucket := tx.Bucket(bucketBlobs)
		var gone [][]byte
		err := bucket.ForEach(func(k, v []byte) error {
			name, of := wire.Hash(k[:len(wire.Hash{})]), string(k[len(wire.Hash{}):])
			if of == feed && !kept[name] && len(v) >= 8 && int64(binary.BigEndian.Uint64(v)) < before.UnixMicro() {
				gone = append(gone, bytes.Clone(k))
			}
			return nil
		})
		for _, k := range gone {
			err = errors.Join(err, bucket.Delete(k))
		}
		dropped = len(gone)
		return err
	})
	return dropped, err
}

// PutBlob implements Store.
func (p *Postgres) PutBlob(ctx context.Context, feed string, content []byte) (wire.Hash, error) {
	name := wire.HashOf(content)
	if err := checkBlob(feed, content); err != nil {
		return name, err
	}
	return name, p.within(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO blob (hash, feed, put, content) VALUES ($1, $2, $3, $4)
			ON CONFLICT (hash, feed) DO UPDATE SET put = excluded.put`, name[:], feed, p.o.Clock().UnixMicro(), content)
		return err
	})
}

// Blob implements Store.
func (p *Postgres) Blob(ctx context.Context, name wire.Hash) (out []byte, err error) {
	err = p.pool.QueryRow(ctx, `SELECT content FROM blob WHERE hash = $1 LIMIT 1`, name[:]).Scan(&out)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNoBlob
	}
	return out, err
}

// DropBlobs implements Store.
func (p *Postgres) DropBlobs(ctx context.Context, feed string, keep []wire.Hash, before time.Time) (dropped int, err error) {
	kept := make([][]byte, len(keep))
	for i := range keep {
		kept[i] = keep[i][:]
	}
	err = p.within(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM blob WHERE feed = $1 AND put < $2 AND hash <> ALL ($3::bytea[])`, feed, before.UnixMicro(), kept)
		dropped = int(tag.RowsAffected())
		return err
	})
	return dropped, err
}
