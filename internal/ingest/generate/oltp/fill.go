// Package oltp fills the marketplace's tables in PostgreSQL with a generation, and then
// changes them as a shop does, so that there is something to mirror.
package oltp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrFilled: there are rows already.
var ErrFilled = errors.New("the source database has a marketplace already")

// Table is one that was filled.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// load is a table, its file's columns and which of them are texts, and the query over
// a copy of the file that gives the rows, "" for all of them.
type load struct{ table, columns, texts, query string }

const newest = "SELECT DISTINCT ON (id) %s FROM %s ORDER BY id, updated_at DESC"

// loads say how each table's file goes in: straight, or by a query over a copy of it.
// Texts are those columns in which an empty field is an empty text, not NULL.
var loads = []load{
	{"stores", "id, name, email, language, city, state, commission_rate, plan, created_at", "name, email, language, city, state, plan", ""},
	{"users", "id, city, state, created_at", "city, state", ""},
	// The file has every version, and the shop the last one.
	{"products", "id, store_id, name, category, price, stock, created_at, updated_at", "name, category", newest},
	// So it is with orders, where the generation has their history.
	{"orders", "id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at", "payment_method", newest},
	{"order_items", "id, order_id, product_id, quantity, price, subtotal", "", ""},
	{"subscriptions", "store_id, plan, monthly_fee, started_at, ended_at", "plan", ""},
}

// Connect opens a session with the source database.
func Connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The reason repeats parts of the URL, and so perhaps of the password.
		return nil, errors.New("cdc.url cannot be read: write postgres://user:password@host:5432/database")
	}
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["application_name"] = "tiendi-generate"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("source database: %w", err)
	}
	return conn, nil
}

// Empty says whether the tables are there and have no rows: ErrFilled.
func Empty(ctx context.Context, conn *pgx.Conn) error {
	for _, l := range loads {
		var filled bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM public."+l.table+")").Scan(&filled)
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code == "42P01" {
			return fmt.Errorf("the source database has no table public.%s\n  make the marketplace's tables by tiendi cdc init", l.table)
		}
		if err != nil {
			return fmt.Errorf("source database: %w", err)
		}
		if filled {
			return fmt.Errorf("%w: public.%s has rows\n  change it with --for 1m, or empty it: TRUNCATE users, stores, products, orders, order_items, subscriptions", ErrFilled, l.table)
		}
	}
	return nil
}

// Fill copies the tables of a generation's folder into the database: all or nothing.
func Fill(ctx context.Context, conn *pgx.Conn, dir string) (filled []Table, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, l := range loads {
			n, err := l.fill(ctx, tx, filepath.Join(dir, "marketplace", l.table+".csv"))
			if err != nil {
				return fmt.Errorf("fill public.%s: %w", l.table, err)
			}
			filled = append(filled, Table{l.table, n})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// The planner should know the tables, and so should whoever takes a snapshot of them.
	_, err = conn.Exec(ctx, "ANALYZE users, stores, products, orders, order_items, subscriptions", pgx.QueryExecModeSimpleProtocol)
	return filled, err
}

func (l load) fill(ctx context.Context, tx pgx.Tx, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if l.query == "" {
		return l.copy(ctx, tx, f, "public."+l.table)
	}
	temp := "versions_of_" + l.table
	if _, err := tx.Exec(ctx, fmt.Sprintf("CREATE TEMP TABLE %s (LIKE public.%s INCLUDING DEFAULTS) ON COMMIT DROP", temp, l.table)); err != nil {
		return 0, err
	}
	if _, err := l.copy(ctx, tx, f, temp); err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, fmt.Sprintf("INSERT INTO public.%s (%s) ", l.table, l.columns)+fmt.Sprintf(l.query, l.columns, temp))
	return tag.RowsAffected(), err
}

func (l load) copy(ctx context.Context, tx pgx.Tx, from io.Reader, table string) (int64, error) {
	texts := ""
	if l.texts != "" {
		texts = ", FORCE_NOT_NULL (" + l.texts + ")"
	}
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, from, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT csv, HEADER%s)", table, l.columns, texts))
	return tag.RowsAffected(), err
}
