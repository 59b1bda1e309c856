package etl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Source is the shop's PostgreSQL, read straight where no change log feeds the
// raw tables. Deleted rows leave no trace there: only CDC sees them.
type Source struct {
	URL string
	// Dir is where the rows lie on their way.
	Dir string
	// Raw says what a raw table has; nil columns: there is no such table.
	Raw func(ctx context.Context, table string) (Raw, error)
	// Load brings a CSV file into the raw table, of whose rows it adds those
	// that are not there.
	Load func(ctx context.Context, path, table string) (added uint64, err error)
}

// Raw is a raw table.
type Raw struct {
	Columns []string
	Newest  time.Time // updated_at of its newest row; zero for none
}

// sourceTables are those of the shop, by the names that files have, too.
var sourceTables = []string{"stores", "users", "products", "orders", "order_items", "subscriptions"}

// overlap is how long a transaction of the shop may have been open when it set
// updated_at: what is older than the newest row by so much is read again.
const overlap = time.Hour

// Extract reads what has changed since the newest row of each raw table, all
// tables as they were at one moment.
func (s *Source) Extract(ctx context.Context) (message string, err error) {
	config, err := pgx.ParseConfig(s.URL)
	if err != nil { // the reason may repeat the password
		return "", errors.New("the source's URL cannot be read: write postgres://user:password@host:5432/database")
	}
	config.RuntimeParams["application_name"] = "tiendi etl"
	config.RuntimeParams["timezone"], config.RuntimeParams["datestyle"] = "UTC", "ISO"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return "", fmt.Errorf("connect to the shop's database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return "", fmt.Errorf("read the shop's database: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing was written
	dir, err := os.MkdirTemp(s.Dir, "extract-*")
	if err != nil {
		return "", fmt.Errorf("make room for the shop's rows: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var said []string
	for _, table := range sourceTables {
		added, err := s.table(ctx, tx, dir, table)
		if err != nil {
			return "", fmt.Errorf("extract %s: %w", table, err)
		}
		said = append(said, fmt.Sprintf("%s %d", table, added))
	}
	return "new rows: " + strings.Join(said, ", "), nil
}

func (s *Source) table(ctx context.Context, tx pgx.Tx, dir, table string) (uint64, error) {
	raw, err := s.Raw(ctx, table)
	if err != nil {
		return 0, err
	}
	columns, err := sourceColumns(ctx, tx, table)
	if err != nil {
		return 0, err
	}
	sql, err := extractSQL(table, columns, raw)
	if err != nil {
		return 0, err
	}
	path := filepath.Join(dir, table+".csv")
	rows, err := copyTo(ctx, tx, path, sql)
	if err != nil || rows == 0 {
		return 0, err
	}
	return s.Load(ctx, path, table)
}

// sourceColumn is a column of the shop's table.
type sourceColumn struct{ name, kind string }

// sourceColumns asks for a table by the connection's search path.
func sourceColumns(ctx context.Context, tx pgx.Tx, table string) ([]sourceColumn, error) {
	rows, err := tx.Query(ctx, `SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c sourceColumn, err error) {
		err = row.Scan(&c.name, &c.kind)
		return c, err
	})
}

// extractSQL selects the columns that both sides have, of rows that may have
// changed; all rows where the source has no updated_at. Times are written with
// their zone.
func extractSQL(table string, columns []sourceColumn, raw Raw) (string, error) {
	if len(columns) == 0 {
		return "", fmt.Errorf("the shop's database has no table %s in its search path\n  where it lies elsewhere: add options=-csearch_path%%3DSCHEMA to the URL", table)
	}
	var list []string
	updated := false
	for _, c := range columns {
		if !slices.Contains(raw.Columns, c.name) {
			continue
		}
		updated = updated || c.name == "updated_at"
		name := pgx.Identifier{c.name}.Sanitize()
		if strings.HasPrefix(c.kind, "timestamp") {
			list = append(list, fmt.Sprintf(`to_char(%[1]s, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS %[1]s`, name))
			continue
		}
		list = append(list, name)
	}
	if len(list) == 0 {
		return "", fmt.Errorf("no column of the shop's table is one of the raw table's: %s", strings.Join(raw.Columns, ", "))
	}
	sql := fmt.Sprintf("SELECT %s FROM %s", strings.Join(list, ", "), pgx.Identifier{table}.Sanitize())
	if updated && !raw.Newest.IsZero() {
		sql += fmt.Sprintf(" WHERE updated_at >= '%s'", raw.Newest.Add(-overlap).UTC().Format("2006-01-02 15:04:05.000Z07:00"))
	}
	return sql, nil
}

func copyTo(ctx context.Context, tx pgx.Tx, path, sql string) (rows int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	tag, err := tx.Conn().PgConn().CopyTo(ctx, f, "COPY ("+sql+") TO STDOUT WITH (FORMAT csv, HEADER)")
	return tag.RowsAffected(), errors.Join(err, f.Close())
}
