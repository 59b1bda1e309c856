package cdc

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5"
)

// slotInfo is what PostgreSQL says of a slot.
type slotInfo struct {
	found             bool
	plugin, database  string
	active            bool
	pid               int
	status            string
	confirmed, oldest pglogrepl.LSN
	safe              *int64 // bytes of WAL until it is lost, nil for no end
}

const slotQuery = `SELECT coalesce(plugin, 'physical'), coalesce(database, ''), active, coalesce(active_pid, 0), coalesce(wal_status, ''),
		coalesce(confirmed_flush_lsn, '0/0')::text, coalesce(restart_lsn, '0/0')::text, safe_wal_size
	FROM pg_replication_slots WHERE slot_name = $1`

func readSlot(ctx context.Context, conn *pgx.Conn, name string) (i slotInfo, err error) {
	var confirmed, oldest string
	err = conn.QueryRow(ctx, slotQuery, name).Scan(&i.plugin, &i.database, &i.active, &i.pid, &i.status, &confirmed, &oldest, &i.safe)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, nil
	}
	if err != nil {
		return i, err
	}
	i.found = true
	i.confirmed, err = pglogrepl.ParseLSN(confirmed)
	if err == nil {
		i.oldest, err = pglogrepl.ParseLSN(oldest)
	}
	return i, err
}

// check refuses a slot that is another's.
func (i slotInfo) check(name, database string) error {
	switch {
	case !i.found:
		return nil
	case i.plugin != "pgoutput":
		return fmt.Errorf("the slot %s is another program's: it is one of %s, and pgoutput is needed\n  choose another name, cdc.slot", name, i.plugin)
	case i.database != database:
		return fmt.Errorf("the slot %s is of the database %s, and cdc.url names %s\n  choose another name, cdc.slot", name, i.database, database)
	}
	return nil
}

// createSlot makes the slot, in place of one that is there.
func (s *session) createSlot(ctx context.Context, old slotInfo, database string) error {
	if old.active {
		return s.db.explain(fmt.Errorf("%w: process %d of PostgreSQL reads slot %s for somebody", errBusy, old.pid, s.Slot))
	}
	if err := s.keeper.replace(ctx, &state{Creating: true}); err != nil {
		return err
	}
	if old.found {
		if _, err := s.conn.Exec(ctx, "SELECT pg_drop_replication_slot($1)", s.Slot); err != nil {
			return s.db.explain(err)
		}
	}
	start, wait, err := s.makeSlot(ctx)
	if err != nil {
		return s.db.explain(err)
	}
	st := &state{System: s.system, Database: database, Confirmed: start, Tables: map[string]*mirrored{}}
	for _, t := range s.tables {
		st.Tables[t.String()] = &mirrored{Columns: t.columns, Start: start, Wait: wait}
	}
	if err := s.keeper.replace(ctx, st); err != nil {
		return err
	}
	s.anewDone = true
	s.Say("the slot is made", "slot", s.Slot, "at", start)
	return nil
}

// makeSlot makes the slot, and gives its consistent point and the transactions that are
// before it in the log and not yet visible to others.
func (s *session) makeSlot(ctx context.Context) (start pglogrepl.LSN, wait []uint32, err error) {
	conn, err := s.db.replicate(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer endReplication(conn)
	made, err := pglogrepl.CreateReplicationSlot(ctx, conn, quoteName(s.Slot), "pgoutput",
		pglogrepl.CreateReplicationSlotOptions{Mode: pglogrepl.LogicalReplication, SnapshotAction: "EXPORT_SNAPSHOT"})
	if err != nil {
		return 0, nil, err
	}
	byLog, err := s.exported(ctx, made.SnapshotName)
	if err != nil {
		return 0, nil, err
	}
	now, err := runningTransactions(ctx, s.conn)
	if err != nil {
		return 0, nil, err
	}
	start, err = pglogrepl.ParseLSN(made.ConsistentPoint)
	return start, unseen(byLog, now), err
}

// exported gives what is over by an exported snapshot, which is the log's view.
func (s *session) exported(ctx context.Context, name string) (t *transactions, err error) {
	tx, err := s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() {
		ending, cancel := closing(ctx)
		defer cancel()
		_ = tx.Rollback(ending) // it has only read
	}()
	if _, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT "+quoteText(name)); err != nil {
		return nil, err
	}
	return runningTransactions(ctx, tx.Conn())
}
