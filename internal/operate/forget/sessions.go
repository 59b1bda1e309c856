package forget

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Sessions implements Finder: the sessions of their events that are nobody else's, and
// how many of somebody else's, too.
func (w *Warehouse) Sessions(ctx context.Context, p *People) (own map[uuid.UUID]uuid.UUID, shared []uuid.UUID, err error) {
	if err := w.list(ctx, p); err != nil {
		return nil, nil, err
	}
	tables, err := w.tables(ctx)
	if err != nil {
		return nil, nil, err
	}
	tables = slices.DeleteFunc(tables, func(t *table) bool { return t.has("user_id") == nil || t.has("session_id") == nil })
	own = map[uuid.UUID]uuid.UUID{}
	users := "user_id IN (SELECT toUUID(old) FROM " + w.lists.ids + " WHERE kind = 'user')"
	for _, t := range tables {
		sql := "SELECT DISTINCT assumeNotNull(session_id), assumeNotNull(user_id) FROM " + t.sql() + " WHERE " + users + " AND session_id != toUUID('00000000-0000-0000-0000-000000000000')"
		err := w.each(ctx, sql, func(rows *warehouse.Rows) error {
			var session, user uuid.UUID
			err := rows.Scan(&session, &user)
			own[session] = user
			return err
		}, withMasked)
		if err != nil && !warehouse.IsCode(err, warehouse.CodeUnknownTable) {
			return nil, nil, fmt.Errorf("find sessions in %s: %w", t, err)
		}
	}
	shared, err = w.shared(ctx, p, tables, own)
	return own, shared, err
}

// shared are those sessions that somebody else has events in: a device that several
// people use.
func (w *Warehouse) shared(ctx context.Context, p *People, tables []*table, own map[uuid.UUID]uuid.UUID) ([]uuid.UUID, error) {
	asked := *p
	asked.Known = slices.Clone(p.Known)
	for id := range own {
		if !p.Has(id) {
			asked.Known = append(asked.Known, Pseudonym{Kind: Session, Old: id.String(), New: id.String()})
		}
	}
	if err := w.list(ctx, &asked); err != nil {
		return nil, err
	}
	var shared []uuid.UUID
	for _, t := range tables {
		sql := fmt.Sprintf(`SELECT DISTINCT assumeNotNull(session_id) FROM %[1]s WHERE session_id IN (SELECT toUUID(old) FROM %[2]s WHERE kind = 'session')
AND user_id NOT IN (SELECT toUUID(arrayJoin([old, new])) FROM %[2]s WHERE kind = 'user') AND user_id != toUUID('00000000-0000-0000-0000-000000000000')`, t.sql(), w.lists.ids)
		err := w.each(ctx, sql, func(rows *warehouse.Rows) error {
			var session uuid.UUID
			err := rows.Scan(&session)
			shared = append(shared, session)
			return err
		})
		if err != nil && !warehouse.IsCode(err, warehouse.CodeUnknownTable) {
			return nil, fmt.Errorf("find shared sessions in %s: %w", t, err)
		}
	}
	return shared, nil
}

// onDisk says what is there that no query sees.
func (w *Warehouse) onDisk(ctx context.Context) (notes []string, err error) {
	err = w.each(ctx, "SELECT table, count() FROM system.detached_parts WHERE database IN ("+w.schemas()+") GROUP BY table ORDER BY table", func(rows *warehouse.Rows) error {
		var table string
		var n uint64
		err := rows.Scan(&table, &n)
		notes = append(notes, fmt.Sprintf("%s has %d detached parts, which cannot be looked into: attach or drop them, and run again", table, n))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for detached parts: %w", err)
	}
	return notes, nil
}
