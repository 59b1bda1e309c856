package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink/pgtext"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// ownColumns are those that raw tables have besides the source's.
var ownColumns = []string{"_version", "_deleted", "_batch", "_position", "ingested_at"}

// rawTable is a raw table as it is in the warehouse.
type rawTable struct {
	name       string
	schema     string // of the table in the database
	columns    []rawColumn
	sortedBy   []string // columns of the sorting key before _version
	withoutIt  bool     // the sorting key has no _version
	replicates bool
	noModel    bool
	seen       time.Time // when it was looked at
}

type rawColumn struct {
	name, typ   string
	partitions  bool // the table is partitioned by it
	isNotStored bool // it is worked out from others
}

func rawName(r *change.Relation) string { return r.Name + "_raw" }

func (t *rawTable) column(name string) *rawColumn {
	for i := range t.columns {
		if t.columns[i].name == name {
			return &t.columns[i]
		}
	}
	return nil
}

// lookAgain is after which time a table that could not be written to is looked at again.
const lookAgain = time.Minute

// table is the raw table of a relation, which is made where it is not there.
func (s *Changes) table(ctx context.Context, r *change.Relation) (*rawTable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	if t := s.tables[rawName(r)]; t != nil && (!t.noModel || now.Sub(t.seen) < lookAgain) {
		return t, nil
	}
	t := &rawTable{name: rawName(r), schema: r.Schema, seen: now}
	err := s.o.Models.Ensure(ctx, t.name)
	switch {
	case errors.Is(err, ErrNoModel):
		t.noModel = true
	case err != nil:
		return nil, err
	default:
		if err := s.describe(ctx, t); err != nil {
			return nil, err
		}
	}
	s.tables[t.name] = t
	return t, nil
}

// describe reads what a table is.
func (s *Changes) describe(ctx context.Context, t *rawTable) error {
	info, err := rememberTokens(ctx, s.o.Options, t.name)
	if err != nil {
		return fmt.Errorf("open %s: %w", qualified(s.o.Database, t.name), err)
	}
	columns, sorting, err := s.look(ctx, t.name)
	if err != nil {
		return fmt.Errorf("look at %s: %w", qualified(s.o.Database, t.name), err)
	}
	before, _, found := strings.Cut(sorting+", ", "_version, ")
	t.columns, t.withoutIt, t.replicates = columns, !found, info.replicates()
	for name := range strings.SplitSeq(strings.TrimSuffix(before, ", "), ", ") {
		t.sortedBy = append(t.sortedBy, strings.Trim(name, "`"))
	}
	return nil
}

func (s *Changes) look(ctx context.Context, table string) (columns []rawColumn, sorting string, err error) {
	of := fmt.Sprintf("database = %s AND table = %s", warehouse.Literal(s.o.Database), warehouse.Literal(table))
	sql := "SELECT name, type, is_in_partition_key = 1, default_kind IN ('MATERIALIZED', 'ALIAS', 'EPHEMERAL') FROM system.columns WHERE " + of + " ORDER BY position"
	err = each(ctx, s.o.Warehouse, sql, func(rows *warehouse.Rows) error {
		var c rawColumn
		var partitions, isNotStored uint8
		err := rows.Scan(&c.name, &c.typ, &partitions, &isNotStored)
		c.partitions, c.isNotStored = partitions == 1, isNotStored == 1
		columns = append(columns, c)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	sql = "SELECT sorting_key FROM system.tables WHERE " + strings.ReplaceAll(of, "table =", "name =")
	return columns, sorting, each(ctx, s.o.Warehouse, sql, func(rows *warehouse.Rows) error { return rows.Scan(&sorting) })
}

// refuse is why changes of a relation cannot be written into the table at all, nil where
// they can.
func (t *rawTable) refuse(r *change.Relation) error {
	if t.noModel {
		return noModel(r)
	}
	if t.schema != r.Schema {
		return fmt.Errorf("%s.%s and %s.%s would both go to %s\n  leave one of them out of the publication", t.schema, r.Name, r.Schema, r.Name, t.name)
	}
	key := keyOf(r)
	for _, name := range ownColumns {
		if t.column(name) == nil {
			return fmt.Errorf("%s lacks the column %s, as no raw model does that ends with change_columns() and arrival_columns()", t.name, name)
		}
	}
	for _, c := range r.Columns {
		if slices.Contains(ownColumns, c.Name) {
			return fmt.Errorf("the table %s.%s has a column %s, which is a name of the raw layer's\n  leave the column out of the publication, or rename it", r.Schema, r.Name, c.Name)
		}
		held := t.column(c.Name)
		if held == nil {
			continue
		}
		if _, err := pgtext.NewColumn(held.typ); err != nil || held.isNotStored {
			return fmt.Errorf("%s.%s cannot take a column of the source: it is a %s\n  give it a type that takes the values as they are, such as String, and work the rest out in staging", t.name, c.Name, held.typ)
		}
	}
	for _, c := range t.columns {
		if c.partitions && !slices.Contains(key, c.name) {
			return fmt.Errorf("%s is partitioned by %s, which is not part of the key of %s: the versions of a row would lie in several partitions\n  take partition_by out of models/raw/%s.sql, and build the table again", t.name, c.name, r.Name, t.name)
		}
	}
	if sorted := slices.Sorted(slices.Values(t.sortedBy)); !t.withoutIt && !slices.Equal(sorted, slices.Sorted(slices.Values(key))) {
		return fmt.Errorf("the rows of %s are told apart by (%s), those of %s.%s by its primary key (%s): a deletion says the primary key and nothing else\n  make both the same, in models/raw/%s.sql and the model of staging or in the database",
			t.name, strings.Join(t.sortedBy, ", "), r.Schema, r.Name, strings.Join(key, ", "), t.name)
	}
	return nil
}

// keyOf are the names of the key's columns.
func keyOf(r *change.Relation) (names []string) {
	for _, c := range r.Columns {
		if c.Key {
			names = append(names, c.Name)
		}
	}
	return names
}

// addColumns adds those of a relation that the table lacks. They have a default, so that a
// run of the raw model, whose query does not know them, leaves them out.
func (s *Changes) addColumns(ctx context.Context, t *rawTable, r *change.Relation) (*rawTable, error) {
	var added []string
	for _, c := range r.Columns {
		if t.column(c.Name) == nil {
			added = append(added, fmt.Sprintf("ADD COLUMN IF NOT EXISTS %s Nullable(%s) DEFAULT NULL", warehouse.Ident(c.Name), pgtext.TypeOf(c.Type)))
		}
	}
	if len(added) == 0 {
		return t, nil
	}
	sql := "ALTER TABLE " + qualified(s.o.Database, t.name) + s.onCluster()
	if _, err := s.o.Warehouse.Exec(ctx, sql+" "+strings.Join(added, ", ")); err != nil {
		return nil, fmt.Errorf("add the new columns of %s.%s to %s: %w", r.Schema, r.Name, t.name, err)
	}
	s.o.Logger.InfoContext(ctx, "a table has new columns, and its raw table, too", "table", t.name, "columns", strings.Join(added, ", "))
	now := &rawTable{name: t.name, schema: t.schema, seen: s.o.Now()}
	if err := s.describe(ctx, now); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[t.name] = now
	return now, nil
}

func (s *Changes) onCluster() string {
	if s.o.Cluster == "" {
		return ""
	}
	return " ON CLUSTER " + warehouse.Ident(s.o.Cluster)
}
