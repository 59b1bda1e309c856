package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// SourceOptions say which database the raw tables mirror.
type SourceOptions struct {
	URL    string
	Tables []string // name or schema.name, those without a schema in public
}

// snapshot is the shop's database as it is at one moment.
type snapshot struct {
	conn   *pgx.Conn
	tx     pgx.Tx
	tables map[string]SourceTable
	lsn    uint64
}

func openSource(ctx context.Context, o *SourceOptions) (*snapshot, error) {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil { // the reason may repeat the password
		return nil, errors.New("cdc.url cannot be read: write postgres://user:password@host:5432/database")
	}
	config.RuntimeParams["application_name"], config.RuntimeParams["timezone"] = "tiendi verify", "UTC"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the source database: %w\n  check cdc.url in profiles.yaml", err)
	}
	s := &snapshot{conn: conn, tables: map[string]SourceTable{}}
	if err := s.begin(ctx, o.Tables); err != nil {
		s.close(ctx)
		return nil, fmt.Errorf("read the source database: %w", err)
	}
	return s, nil
}

// close ends the transaction, which has changed nothing, with its connection.
func (s *snapshot) close(ctx context.Context) { _ = s.conn.Close(context.WithoutCancel(ctx)) }

// begin takes the snapshot with its place in the log: what is committed in it lies
// before. A commit that is being made just then may lie before, too, and not be in it;
// so a difference counts that two snapshots show.
func (s *snapshot) begin(ctx context.Context, tables []string) (err error) {
	s.tx, err = s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	const place = "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::bigint"
	if err := s.tx.QueryRow(ctx, place).Scan(&s.lsn); err != nil {
		return err
	}
	for _, text := range tables {
		schema, name, found := strings.Cut(text, ".")
		if !found {
			schema, name = "public", text
		}
		t := SourceTable{Schema: schema, Name: name, Columns: map[string]string{}}
		rows, err := s.tx.Query(ctx, `SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, t.sql())
		if err != nil {
			return err
		}
		var column, kind string
		if _, err := pgx.ForEachRow(rows, []any{&column, &kind}, func() error {
			t.Columns[column] = kind
			return nil
		}); err != nil {
			return err
		}
		if len(t.Columns) == 0 {
			return fmt.Errorf("there is no table %s\n  mend cdc.tables in profiles.yaml", t.sql())
		}
		s.tables[name] = t
	}
	return nil
}

// days runs a query of the plan.
func (s *snapshot) days(ctx context.Context, sql string, figures int) (days, error) {
	rows, err := s.tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 1+figures)
	into := make([]any, len(texts))
	for i := range texts {
		into[i] = &texts[i]
	}
	found := days{}
	_, err = pgx.ForEachRow(rows, into, func() error { return found.add(texts) })
	return found, err
}
