package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// How often, and how many times, a process asks for the lock of the tables while
// another one brings them up to date: for a minute.
const (
	lockPause = 100 * time.Millisecond
	lockTries = 600
)

// migrate brings the tables up to what this program knows. Many central
// processes may start at once: one of them does it, by a row that is its lock,
// the others wait for it. Tables of a later program are refused.
func migrate(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (err error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresTableLocker(lock.WithTableLogger(log), lock.WithTableLockTimeout(lockPause, lockTries))
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, steps, goose.WithLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithSlog(log))
	if err != nil {
		return err
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return fmt.Errorf("it was written by a later version (%d, this program knows %d): bring this program up to date", has, knows)
	}
	_, err = provider.Up(ctx)
	return err
}
