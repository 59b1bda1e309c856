package forget

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// ownTables begin so. They are what is looked for, and not looked through.
const ownTables = "tiendi_forget"

// The tables of a run. Their names are fixed, since a change that the server has begun
// goes on after a crash, and needs them.
const (
	listedIDs   = "tiendi_forget_listed"
	listedByOld = "tiendi_forget_by_old"
	listedTexts = "tiendi_forget_texts"
	movedRows   = "tiendi_forget_moved"
)

func (w *Warehouse) own(name string) string {
	return warehouse.Ident(w.Database) + "." + warehouse.Ident(name)
}

// list writes down what is looked for.
func (w *Warehouse) list(ctx context.Context, p *People) error {
	w.people = p
	w.lists = lists{ids: w.own(listedIDs), byOld: w.Database + "." + listedByOld, texts: w.Database + "." + listedTexts}
	if err := w.endChanges(ctx); err != nil {
		return err
	}
	for _, t := range [][2]string{
		{listedIDs, "(kind LowCardinality(String), old String, new String) ENGINE = MergeTree ORDER BY (kind, old)"},
		{listedByOld, "(old String, new String) ENGINE = Join(ANY, LEFT, old)"},
		{listedTexts, "(old String, new String) ENGINE = Join(ANY, LEFT, old)"},
	} {
		if err := w.make(ctx, t[0], t[1]); err != nil {
			return fmt.Errorf("write down what to look for: %w", err)
		}
	}
	var ids, byOld rowBinary
	for _, k := range p.Known {
		if k.Kind == Text {
			for _, form := range forms([]byte(strings.ToLower(k.Old))) {
				ids.add(string(k.Kind), string(form), k.New)
				w.lists.needles++
			}
			continue
		}
		ids.add(string(k.Kind), strings.ToLower(k.Old), k.New)
		byOld.add(strings.ToLower(k.Old), k.New)
		byOld.add(withoutHyphens(k.Old), withoutHyphens(k.New))
	}
	return firstError(ids.insert(ctx, w, listedIDs), byOld.insert(ctx, w, listedByOld))
}

// make makes a table of ours anew. CREATE OR REPLACE would leave the old one on the disk
// for some minutes, and after a crash for good.
func (w *Warehouse) make(ctx context.Context, name, as string) error {
	err := w.exec(ctx, "DROP TABLE IF EXISTS "+w.own(name)+" SYNC")
	if err == nil {
		err = w.exec(ctx, "CREATE TABLE "+w.own(name)+" "+as)
	}
	return err
}

// unlist drops the run's tables.
func (w *Warehouse) unlist(ctx context.Context) error {
	if err := w.endChanges(ctx); err != nil {
		return err
	}
	for _, name := range []string{listedIDs, listedByOld, listedTexts, movedRows} {
		if err := w.exec(ctx, "DROP TABLE IF EXISTS "+w.own(name)+" SYNC"); err != nil {
			return err
		}
	}
	return nil
}

// endChanges ends what a killed run's statements are still doing: rows that they have not
// reached are found again. Those in other databases are of a run of theirs.
func (w *Warehouse) endChanges(ctx context.Context) error {
	where := "NOT is_done AND position(command, '" + ownTables + "') > 0 AND database IN (" + w.schemas() + ")"
	var n uint64
	err := w.each(ctx, "SELECT count() FROM system.mutations WHERE "+where, func(rows *warehouse.Rows) error { return rows.Scan(&n) })
	if err == nil && n > 0 {
		err = w.exec(ctx, "KILL MUTATION WHERE "+where+" SYNC")
	}
	if err != nil {
		return fmt.Errorf("end the changes of a run that was killed: %w", err)
	}
	return nil
}

// rowBinary are rows of texts, for an insert.
type rowBinary struct{ bytes.Buffer }

func (b *rowBinary) add(values ...string) {
	for _, v := range values {
		b.Write(binary.AppendUvarint(nil, uint64(len(v))))
		b.WriteString(v)
	}
}

// insert sends the rows, and begins others.
func (b *rowBinary) insert(ctx context.Context, w *Warehouse, table string) error {
	if b.Len() == 0 {
		return nil
	}
	_, err := w.Client.InsertStream(ctx, "INSERT INTO "+w.own(table)+" FORMAT RowBinary", bytes.NewReader(b.Bytes()), "", unlogged(map[string]any{"async_insert": 0}))
	b.Buffer = bytes.Buffer{}
	if err != nil {
		return fmt.Errorf("write into %s: %w", table, err)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
