package forget

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// inPlace rewrites a table that others write to meanwhile. What they write later is not
// touched.
func (w *Warehouse) inPlace(ctx context.Context, t *table, names *materialize.Names) error {
	if !t.mergeTree() {
		return fmt.Errorf("tables of the engine %s cannot be rewritten\n  drop it, or build it again from what is rewritten, and run again", t.engine)
	}
	if err := w.fill(ctx, t); err != nil {
		return err
	}
	if err := w.hasten(ctx, t); err != nil {
		return err
	}
	if len(w.seen[t.String()]) > 0 {
		if err := w.move(ctx, t, names); err != nil {
			return err
		}
	}
	if sql := w.update(t); sql != "" {
		if err := w.exec(ctx, sql, synced); err != nil {
			return err
		}
	}
	return w.unmask(ctx, t.relation())
}

// update changes what can be changed where it is: all columns but those of keys.
func (w *Warehouse) update(t *table) string {
	var set []string
	own, clears := t.own(&w.lists), w.clears(t)
	for _, c := range t.columns {
		cleared := own != "" && clears(c)
		if (cleared || t.changes[c.name]) && !c.inKey && !c.computed {
			set = append(set, warehouse.Ident(c.name)+" = "+c.edited(&w.lists, own, cleared))
		}
	}
	if len(set) == 0 {
		return ""
	}
	return "ALTER TABLE " + t.sql() + " UPDATE " + strings.Join(set, ", ") + " WHERE " + t.holds(&w.lists, false)
}

// unmask takes rows from the disk that a lightweight delete has only masked.
func (w *Warehouse) unmask(ctx context.Context, r project.Relation) error {
	var n uint64
	err := w.each(ctx, "SELECT count() FROM system.parts WHERE active AND has_lightweight_delete AND database = "+warehouse.Literal(r.Schema)+
		" AND table = "+warehouse.Literal(r.Identifier), func(rows *warehouse.Rows) error { return rows.Scan(&n) })
	if err != nil || n == 0 {
		return err
	}
	return w.exec(ctx, "ALTER TABLE "+materialize.Quote(r)+" APPLY DELETED MASK", synced)
}

// move does what an update cannot: an id in a key. The edited rows come in first, then
// those that they stand for go; readers may see both for a moment, and never neither.
// Only rows that were copied go, so that what is written meanwhile stays.
func (w *Warehouse) move(ctx context.Context, t *table, names *materialize.Names) (err error) {
	if err := w.make(ctx, movedRows, "(row FixedString(16)) ENGINE = MergeTree ORDER BY row"); err != nil {
		return err
	}
	keys := t.holds(&w.lists, true)
	if err := w.exec(ctx, "INSERT INTO "+w.own(movedRows)+" SELECT "+t.row()+" FROM "+t.sql()+" WHERE "+keys, bulk); err != nil {
		return err
	}
	moved := t.row() + " IN (SELECT row FROM " + w.own(movedRows) + ")"
	stage := names.Temporary(t.relation())
	defer func() {
		err = errors.Join(err, w.exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+materialize.Quote(stage)+" SYNC"))
	}()
	if err := w.stage(ctx, t, stage, moved); err != nil {
		return err
	}
	for _, sql := range []string{
		"ALTER TABLE " + t.sql() + " ATTACH PARTITION ALL FROM " + materialize.Quote(stage),
		"ALTER TABLE " + t.sql() + " DELETE WHERE (" + keys + ") AND " + moved,
	} {
		if err := w.exec(ctx, sql, synced); err != nil {
			return err
		}
	}
	return nil
}

// fill edits the texts of the rows that are theirs, and writes down those that change. It
// notes which columns do.
func (w *Warehouse) fill(ctx context.Context, t *table) error {
	t.changes = map[string]bool{}
	var texts []column
	var ids []string
	for _, c := range t.columns {
		switch c.how {
		case aText, inside:
			texts = append(texts, c)
		case anID:
			ids = append(ids, "if(countIf("+c.holds(&w.lists)+") > 0, "+warehouse.Literal(c.name)+", '')")
		}
	}
	if len(ids) > 0 {
		sql := "SELECT arrayJoin([" + strings.Join(ids, ", ") + "]) FROM " + t.sql()
		if err := w.each(ctx, sql, func(rows *warehouse.Rows) error {
			var name string
			err := rows.Scan(&name)
			t.changes[name] = true
			return err
		}); err != nil {
			return fmt.Errorf("count what the rows hold: %w", err)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return w.fillTexts(ctx, t, texts)
}

// rejectsTable is the raw model of changes that were set aside, which keeps their
// messages as they were in the log.
const rejectsTable = "change_rejects"

// filled is how many bytes of texts are sent at once.
const filled = 8 << 20

func (w *Warehouse) fillTexts(ctx context.Context, t *table, texts []column) error {
	var pairs []string
	for i := range texts {
		pairs = append(pairs, fmt.Sprintf("(toUInt32(%d), %s)", i, texts[i].text()))
	}
	var out rowBinary
	sql := "SELECT DISTINCT arrayJoin([" + strings.Join(pairs, ", ") + "]) AS pair, pair.1, pair.2 FROM " + t.sql() + " WHERE " + t.holds(&w.lists, false)
	err := w.each(ctx, "SELECT * EXCEPT (pair) FROM ("+sql+")", func(rows *warehouse.Rows) error {
		var n uint32
		var text string
		if err := rows.Scan(&n, &text); err != nil {
			return err
		}
		edit, c := w.people.Edit, &texts[n]
		if t.name == rejectsTable && c.name == "message" {
			edit = w.people.editMessage
		}
		if edited := string(edit([]byte(text))); edited != text {
			out.add(text, edited)
			t.changes[c.name] = true
		}
		if out.Len() > filled {
			return out.insert(ctx, w, listedTexts)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read what the rows say: %w", err)
	}
	return out.insert(ctx, w, listedTexts)
}
