package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// migrations are NNNN_name.sql from 0001 on, without a gap. One that was released
// never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer: a newer release has changed the tables already.
var ErrNewer = errors.New("the tables are of a newer release")

// lockKey is the advisory lock of those who migrate: "tiendi", in ASCII.
const lockKey = 0x7469656e6469

type migration struct {
	version int
	name    string
	sql     string
}

// Migrate brings the schema tiendi up to date, all in one transaction. Several
// processes may do so at once. Where it is up to date already it needs no more
// rights than to read. An error is ErrNewer where this release is too old.
func (db *DB) Migrate(ctx context.Context) error {
	all, err := readMigrations(migrations)
	if err != nil {
		return err
	}
	return db.Tx(ctx, func(tx pgx.Tx) error { return migrate(ctx, tx, all) })
}

func migrate(ctx context.Context, tx pgx.Tx, all []migration) error {
	at, err := schemaVersion(ctx, tx)
	if err == nil && at < len(all) {
		// Look again once nobody else is at it.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockKey)); err != nil {
			return err
		}
		at, err = schemaVersion(ctx, tx)
	}
	if err != nil {
		return err
	}
	if at > len(all) {
		return fmt.Errorf("%w: the schema tiendi is at version %d, and this release knows %d: upgrade it", ErrNewer, at, len(all))
	}
	for _, m := range all[at:] {
		if _, err := tx.Exec(ctx, m.sql); err != nil {
			return fmt.Errorf("migration %d, %s: %w", m.version, m.name, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO tiendi.schema_migrations (version, name) VALUES ($1, $2)", m.version, m.name); err != nil {
			return err
		}
	}
	return nil
}

// schemaVersion is that of the last migration, 0 before the first.
func schemaVersion(ctx context.Context, tx pgx.Tx) (version int, err error) {
	// to_regclass would be shorter, and may miss a table that another session has
	// made since this transaction began.
	const find = "SELECT count(*) > 0 FROM pg_catalog.pg_tables WHERE schemaname = 'tiendi' AND tablename = 'schema_migrations'"
	var there bool
	if err := tx.QueryRow(ctx, find).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM tiendi.schema_migrations").Scan(&version)
	return version, err
}

func readMigrations(from fs.FS) ([]migration, error) {
	files, err := fs.Glob(from, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	all := make([]migration, len(files))
	for i, file := range files {
		number, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(file, "migrations/"), ".sql"), "_")
		if v, err := strconv.Atoi(number); err != nil || v != i+1 {
			return nil, fmt.Errorf("%s: the migration after %d must be number %d", file, i, i+1)
		}
		sql, err := fs.ReadFile(from, file)
		if err != nil {
			return nil, err
		}
		all[i] = migration{version: i + 1, name: name, sql: string(sql)}
	}
	return all, nil
}
