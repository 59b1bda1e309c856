package cdc

import (
	"context"
	"fmt"
)

// Drop removes the slot, the publication and what is known of them. It gives what was
// there.
func Drop(ctx context.Context, o Options) (dropped []string, err error) {
	source, err := New(o)
	if err != nil {
		return nil, err
	}
	conn, err := source.db.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer closeConn(conn)
	s := &session{Source: source, conn: conn}
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	var database string
	if err := conn.QueryRow(ctx, "SELECT current_database()").Scan(&database); err != nil {
		return nil, source.db.explain(err)
	}
	slot, err := readSlot(ctx, conn, source.Slot)
	if err == nil {
		err = slot.check(source.Slot, database)
	}
	if err == nil && slot.active {
		err = fmt.Errorf("%w: process %d of PostgreSQL reads slot %s for somebody; stop that first", errBusy, slot.pid, source.Slot)
	}
	if err != nil {
		return nil, source.db.explain(err)
	}
	if err := source.keeper.take(ctx); err != nil {
		return nil, err
	}
	// First what is known: a slot without it is refused, and can be dropped again.
	if source.keeper.state != nil {
		if err := source.keeper.replace(ctx, nil); err != nil {
			return nil, err
		}
		dropped = append(dropped, "checkpoint "+stateKey(source.Slot))
	}
	err = source.db.explain(s.drop(ctx, slot, &dropped))
	return dropped, err
}

func (s *session) drop(ctx context.Context, slot slotInfo, dropped *[]string) error {
	if slot.found {
		if _, err := s.conn.Exec(ctx, "SELECT pg_drop_replication_slot($1)", s.Slot); err != nil {
			return err
		}
		*dropped = append(*dropped, "slot "+s.Slot)
	}
	var there bool
	if err := s.conn.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_publication WHERE pubname = $1", s.Publication).Scan(&there); err != nil || !there {
		return err
	}
	if _, err := s.conn.Exec(ctx, "DROP PUBLICATION "+quoteName(s.Publication)); err != nil {
		return err
	}
	*dropped = append(*dropped, "publication "+s.Publication)
	return nil
}
