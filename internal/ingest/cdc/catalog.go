package cdc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/spelling"
)

// table is what PostgreSQL's catalog says of one.
type table struct {
	TableName
	oid      uint32
	split    bool // partitioned
	identity string
	columns  []change.Column // that are published
	types    map[string]string
	key      []string // the primary key's columns, in the order of its index
	hidden   []string // columns that the user may not read
}

// from is the table in FROM. Rows of tables that inherit from it are not its own.
func (t *table) from() string {
	if t.split {
		return t.sql()
	}
	return "ONLY " + t.sql()
}

const tableQuery = `SELECT c.oid, c.relkind::text, c.relreplident::text, c.relpersistence::text,
		coalesce((SELECT indisprimary FROM pg_index WHERE indrelid = c.oid AND indisreplident), false)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`

// Generated columns are not published.
const columnQuery = `SELECT a.attname, a.atttypid, format_type(a.atttypid, NULL), has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
		coalesce(array_position((i.indkey::int2[])[0:i.indnkeyatts - 1], a.attnum), 0)
	FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
	WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`

// describe reads a table's description and refuses one that cannot be mirrored.
func describe(ctx context.Context, conn *pgx.Conn, name TableName) (*table, error) {
	t := &table{TableName: name, types: map[string]string{}}
	var kind, persistence string
	var byPrimaryKey bool
	err := conn.QueryRow(ctx, tableQuery, name.Schema, name.Name).Scan(&t.oid, &kind, &t.identity, &persistence, &byPrimaryKey)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, missingTable(ctx, conn, name)
	case err != nil:
		return nil, err
	case kind != "r" && kind != "p":
		return nil, fmt.Errorf("%s is no table: only tables can be mirrored", name)
	case persistence != "p":
		return nil, fmt.Errorf("%s is unlogged or temporary: its changes are in no log; ALTER TABLE %s SET LOGGED", name, name.sql())
	case t.identity == "n", t.identity == "i" && !byPrimaryKey:
		return nil, fmt.Errorf("the replica identity of %s is not its primary key, so the log would not say which rows change\n  ALTER TABLE %s REPLICA IDENTITY DEFAULT", name, name.sql())
	}
	t.split = kind == "p"
	if err := t.readColumns(ctx, conn); err != nil {
		return nil, err
	}
	if len(t.key) == 0 {
		return nil, fmt.Errorf("%s has no primary key, and without one nobody can say which row a change is of\n  ALTER TABLE %s ADD PRIMARY KEY (…), or leave the table out of cdc.tables", name, name.sql())
	}
	return t, nil
}

// missingTable names the table of that schema that was most likely meant.
func missingTable(ctx context.Context, conn *pgx.Conn, name TableName) error {
	rows, err := conn.Query(ctx, "SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1 LIMIT 1000", name.Schema)
	if err != nil {
		return err
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	return fmt.Errorf("there is no table %s in the source database: mend cdc.tables, or make the marketplace's tables with tiendi cdc init\n  %s",
		name, spelling.Suggest(name.Name, there))
}

func (t *table) readColumns(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, columnQuery, t.oid)
	if err != nil {
		return err
	}
	defer rows.Close()
	places := map[int]string{}
	for rows.Next() {
		var c change.Column
		var sqlType string
		var readable bool
		var place int
		if err := rows.Scan(&c.Name, &c.Type, &sqlType, &readable, &place); err != nil {
			return err
		}
		if !readable {
			t.hidden = append(t.hidden, c.Name)
		}
		if c.Key = place > 0; c.Key {
			places[place] = c.Name
		}
		t.columns, t.types[c.Name] = append(t.columns, c), sqlType
	}
	for place := 1; place <= len(places); place++ {
		t.key = append(t.key, places[place])
	}
	return rows.Err()
}

// publish leaves the columns that a publication has, and refuses where the user may not
// read one of them.
func (t *table) publish(names []string) error {
	var kept []change.Column
	for _, c := range t.columns {
		published := slices.Contains(names, c.Name)
		switch {
		case !published && c.Key:
			return fmt.Errorf("the publication leaves out %s, which is part of the primary key of %s", c.Name, t.TableName)
		case published && slices.Contains(t.hidden, c.Name):
			return fmt.Errorf("the user of cdc.url may not read the column %s of %s\n  GRANT SELECT ON %s TO that user, or leave the column out of the publication", c.Name, t.TableName, t.sql())
		case published:
			kept = append(kept, c)
		}
	}
	t.columns = kept
	return nil
}
