package cdc

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
)

// marketplace are the migrations of the source database's own tables, NNNN_name.sql from
// 0001 on. One that was released never changes. They are apart from those of tiendi's
// state: the shop and its state may be in different databases.
//
//go:embed marketplace/*.sql
var marketplace embed.FS

// Step is a statement, or several, that Init performs in one transaction.
type Step struct {
	Name string // for people
	SQL  string
}

const ledger = `CREATE SCHEMA IF NOT EXISTS tiendi;
CREATE TABLE IF NOT EXISTS tiendi.marketplace_migrations (
	version integer PRIMARY KEY,
	name text NOT NULL,
	applied timestamptz NOT NULL DEFAULT now()
);
`

// Init makes the marketplace's tables and the publication in the source database, as far
// as they are not there, all in one transaction. With dryRun it only says how. The steps
// are those that were needed.
func Init(ctx context.Context, o Options, dryRun bool) (steps []Step, err error) {
	if _, err := o.settle(); err != nil {
		return nil, err
	}
	db, err := openDatabase(o.URL)
	if err != nil {
		return nil, err
	}
	conn, err := db.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer closeConn(conn)
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if !dryRun {
			// Two at once wait for each other.
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1, 0)", lockClass); err != nil {
				return err
			}
		}
		if steps, err = missing(ctx, tx, o); err != nil || dryRun {
			return err
		}
		for _, s := range steps {
			if _, err := tx.Exec(ctx, s.SQL, pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
		}
		return nil
	})
	return steps, db.explain(err)
}

// missing are the steps that the database needs.
func missing(ctx context.Context, tx pgx.Tx, o Options) ([]Step, error) {
	at, err := marketplaceVersion(ctx, tx)
	if err != nil {
		return nil, err
	}
	all, err := marketplaceSteps()
	if err != nil {
		return nil, err
	}
	if at > len(all) {
		return nil, fmt.Errorf("the marketplace's tables are at version %d, and this release knows %d: upgrade it", at, len(all))
	}
	if at == 0 {
		if err := nothingInTheWay(ctx, tx); err != nil {
			return nil, err
		}
	}
	steps := all[at:]
	var published bool
	if err := tx.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_publication WHERE pubname = $1", o.Publication).Scan(&published); err != nil || published {
		return steps, err
	}
	var tables []*table
	names, err := tableNames("", o.Tables)
	for _, name := range names {
		tables = append(tables, &table{TableName: name})
	}
	return append(steps, Step{"publication " + o.Publication, publicationSQL(o.Publication, tables) + ";\n"}), err
}

func marketplaceSteps() ([]Step, error) {
	files, err := fs.Glob(marketplace, "marketplace/*.sql")
	if err != nil {
		return nil, err
	}
	var all []Step
	for i, file := range files {
		sql, err := fs.ReadFile(marketplace, file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "marketplace/"), ".sql")
		all = append(all, Step{Name: "migration " + name, SQL: ledger + string(sql) +
			fmt.Sprintf("INSERT INTO tiendi.marketplace_migrations (version, name) VALUES (%d, %s);\n", i+1, quoteText(name))})
	}
	return all, nil
}

// marketplaceVersion is that of the last migration, 0 before the first.
func marketplaceVersion(ctx context.Context, tx pgx.Tx) (version int, err error) {
	const find = "SELECT count(*) > 0 FROM pg_catalog.pg_tables WHERE schemaname = 'tiendi' AND tablename = 'marketplace_migrations'"
	var there bool
	if err := tx.QueryRow(ctx, find).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM tiendi.marketplace_migrations").Scan(&version)
	return version, err
}

// nothingInTheWay refuses where there are tables of those names that are not ours.
func nothingInTheWay(ctx context.Context, tx pgx.Tx) error {
	var there []string
	err := tx.QueryRow(ctx, "SELECT coalesce(array_agg(tablename::text ORDER BY tablename), '{}') FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY($1)",
		DefaultTables()).Scan(&there)
	if err == nil && len(there) > 0 {
		err = errors.New("the database has tables of its own by these names: " + strings.Join(there, ", ") +
			"\n  tiendi cdc mirrors them as they are, and makes slot and publication by itself; init is for a database without a shop")
	}
	return err
}
