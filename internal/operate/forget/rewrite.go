package forget

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// holdTimeout is how long a run of models that is at work on a table is waited for.
const holdTimeout = 10 * time.Minute

// Forget implements Place. Raw tables come first: they are written to all the while, so
// they are changed in place. Then come all models at once, with no run at work on any of
// them, so that no run builds one from rows that another does not have yet.
func (w *Warehouse) Forget(ctx context.Context, p *People, found []Found, tell func(string)) error {
	if err := w.list(ctx, p); err != nil {
		return err
	}
	tables, err := w.tables(ctx)
	if err != nil {
		return err
	}
	tables = slices.DeleteFunc(tables, func(t *table) bool {
		return !slices.ContainsFunc(found, func(f Found) bool { return f.Place == w.Name() && f.Object == t.String() })
	})
	if err := w.dropRefills(ctx, tables, tell); err != nil {
		return err
	}
	// What a living run has aside comes into a model or goes, and is looked at then.
	tables = slices.DeleteFunc(tables, func(t *table) bool { return strings.HasPrefix(t.name, "_tiendi_") })
	leased, lease, release, err := w.lease(ctx)
	if err != nil {
		return err
	}
	defer release()
	for _, t := range tables {
		if t.model.Built && t.mergeTree() {
			continue
		}
		tell("rewriting " + t.name)
		if err := w.inPlace(leased, t, lease.names); err != nil {
			return fmt.Errorf("rewrite %s: %w", t, err)
		}
	}
	return w.models(leased, tables, lease.names, tell)
}

// dropRefills drops what backfills out of the archive have aside. One that is at work fails,
// and is to be run again: what it holds is as it was before the archive was rewritten.
func (w *Warehouse) dropRefills(ctx context.Context, tables []*table, tell func(string)) error {
	for _, t := range tables {
		if w.Refills == "" || !strings.HasPrefix(t.name, w.Refills) {
			continue
		}
		tell("dropping " + t.name)
		if err := w.exec(ctx, "DROP TABLE IF EXISTS "+t.sql()+" SYNC"); err != nil {
			return fmt.Errorf("drop %s: %w", t, err)
		}
	}
	return nil
}

func (t *table) relation() project.Relation {
	return project.Relation{Schema: t.database, Identifier: t.name}
}

// synced waits for a change of rows to be done.
var synced = map[string]any{"mutations_sync": 2, "allow_nondeterministic_mutations": 1}

// bulk lets a change take any number of partitions.
var bulk = map[string]any{"max_partitions_per_insert_block": 0, "insert_deduplicate": 0, "async_insert": 0}

// aside rewrites a table that nobody else changes, and swaps it in. The table that is
// swapped out takes all of its files with it, old versions of rows too. What was changed
// is cloned once more, since a table that was changed keeps old files for a while.
func (w *Warehouse) aside(ctx context.Context, t *table, names *materialize.Names) (err error) {
	if err := w.fill(ctx, t); err != nil {
		return err
	}
	stage, changed, made := names.Temporary(t.relation()), names.Temporary(t.relation()), names.Temporary(t.relation())
	defer func() {
		for _, name := range []project.Relation{stage, changed, made} {
			err = errors.Join(err, w.exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+materialize.Quote(name)+" SYNC"))
		}
	}()
	if err := w.stage(ctx, t, stage, t.holds(&w.lists, false)); err != nil {
		return err
	}
	for _, sql := range []string{
		"CREATE TABLE " + materialize.Quote(changed) + " CLONE AS " + t.sql(),
		"ALTER TABLE " + materialize.Quote(changed) + " DELETE WHERE " + t.holds(&w.lists, false),
	} {
		if err := w.exec(ctx, sql, synced); err != nil {
			return err
		}
	}
	if err := w.unmask(ctx, changed); err != nil {
		return err
	}
	for _, sql := range []string{
		"CREATE TABLE " + materialize.Quote(made) + " CLONE AS " + materialize.Quote(changed),
		"ALTER TABLE " + materialize.Quote(made) + " ATTACH PARTITION ALL FROM " + materialize.Quote(stage),
		"EXCHANGE TABLES " + materialize.Quote(made) + " AND " + t.sql(),
	} {
		if err := w.exec(ctx, sql, synced); err != nil {
			return err
		}
	}
	return nil
}

// stage makes a table of the rows that are theirs, edited. Left out is what a killed run
// of ours has brought into the table already. Of models that are built key by key all
// rows of a key are left out that the table has under its pseudonym: what came in later
// belongs to the same session or user, and the next run builds both together.
func (w *Warehouse) stage(ctx context.Context, t *table, stage project.Relation, which string) error {
	if err := w.exec(ctx, "CREATE TABLE "+materialize.Quote(stage)+" AS "+t.sql()); err != nil {
		return err
	}
	names, edited := t.selected(&w.lists, w.clears(t))
	var inner, outer []string
	for i := range names {
		inner = append(inner, fmt.Sprintf("%s AS `edited %d`", edited[i], i))
		outer = append(outer, fmt.Sprintf("`edited %d` AS %s", i, names[i]))
	}
	all := strings.Join(names, ", ")
	sql := "INSERT INTO " + materialize.Quote(stage) + " (" + all + ") SELECT " + all + " FROM (SELECT " + strings.Join(outer, ", ") +
		" FROM (SELECT " + strings.Join(inner, ", ") + " FROM " + t.sql() + " WHERE " + which + "))"
	var there []string
	for _, c := range t.columns {
		name := warehouse.Ident(c.name)
		if c.how == anID && t.model.ByKey {
			there = append(there, "NOT ifNull("+name+" IN (SELECT "+name+" FROM "+t.sql()+" WHERE "+name+" IN (SELECT toUUID(new) FROM "+w.lists.ids+" WHERE kind != 'text')), 0)")
		}
	}
	if len(there) > 0 {
		sql += " WHERE " + strings.Join(there, " AND ")
	} else if known := t.pseudonymous(&w.lists); known != "" {
		row := t.row()
		sql += " WHERE " + row + " NOT IN (SELECT " + row + " FROM " + t.sql() + " WHERE " + known + ")"
	}
	return w.exec(ctx, sql, bulk)
}

// selected are the columns that are stored, and the same edited.
func (t *table) selected(l *lists, clears func(column) bool) (names, edited []string) {
	own := t.own(l)
	for _, c := range t.columns {
		if !c.computed {
			names = append(names, warehouse.Ident(c.name))
			edited = append(edited, c.edited(l, own, clears(c)))
		}
	}
	return names, edited
}

// pseudonymous is the condition that a row holds a pseudonym.
func (t *table) pseudonymous(l *lists) string {
	var any []string
	for _, c := range t.columns {
		if c.how == anID {
			any = append(any, warehouse.Ident(c.name)+" IN (SELECT toUUID(new) FROM "+l.ids+" WHERE kind != 'text')")
		}
	}
	return strings.Join(any, " OR ")
}

// row is a hash of all of a row that can be written as text.
func (t *table) row() string {
	var all []string
	for _, c := range t.columns {
		if !c.computed && !strings.HasPrefix(c.typ, "AggregateFunction(") {
			all = append(all, warehouse.Ident(c.name))
		}
	}
	return "sipHash128(toString(tuple(" + strings.Join(all, ", ") + ")))"
}

// clears says which columns are emptied in rows that are about one of them, or of what he
// did: personal ones, and texts that have come into the raw tables by themselves.
func (w *Warehouse) clears(t *table) func(column) bool {
	return func(c column) bool {
		if c.inKey || c.how == anID {
			return false
		}
		if w.people.isPersonal(c.name) {
			return true
		}
		if c.how == nothing {
			return false
		}
		if source, isRaw := strings.CutSuffix(t.name, "_raw"); isRaw && w.people.isUndeclared(source, c.name) {
			return true
		}
		return t.model.Built && slices.Contains(w.undeclared, c.name)
	}
}
