package cdc

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5"
)

// session is one go at the source database, until a connection is lost.
type session struct {
	*Source
	conn    *pgx.Conn // for questions
	version int
	tables  []*table
	system  string
}

// begin connects, takes the lock and looks at everything that has to be right.
func (s *Source) begin(ctx context.Context) (*session, error) {
	conn, err := s.db.connect(ctx)
	if err != nil {
		return nil, err
	}
	n := &session{Source: s, conn: conn}
	if err := n.prepare(ctx); err != nil {
		closeConn(conn)
		return nil, err
	}
	return n, nil
}

func (s *session) prepare(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	var err error
	if s.version, err = serverVersion(ctx, s.conn); err != nil {
		return s.db.explain(err)
	}
	if err := s.keeper.take(ctx); err != nil {
		return err
	}
	// Before there is a slot: the description must not be younger than what the slot's
	// log begins with, or columns that were added meanwhile would seem to be dropped.
	for _, name := range s.names {
		t, err := describe(ctx, s.conn, name)
		if err != nil {
			return s.db.explain(err)
		}
		s.tables = append(s.tables, t)
	}
	created, err := publish(ctx, s.conn, s.Publication, s.version, s.tables)
	if err != nil {
		return s.db.explain(err)
	}
	if created {
		s.Say("the publication is made", "publication", s.Publication)
	}
	return s.prepareSlot(ctx)
}

// lockClass goes with the slot's name into the key of an advisory lock: "tien".
const lockClass = 0x7469656e

// lock makes this the only process that works on the slot: while the snapshot is taken
// nobody holds the slot itself. The lock ends with the connection.
func (s *session) lock(ctx context.Context) error {
	var got bool
	err := s.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, hashtext($2))", lockClass, s.Slot).Scan(&got)
	if err == nil && !got {
		err = fmt.Errorf("%w: another tiendi cdc works on slot %s", errBusy, s.Slot)
	}
	return s.db.explain(err)
}

// prepareSlot makes the slot if need be, or holds it against what is known of it.
func (s *session) prepareSlot(ctx context.Context) error {
	database, err := s.identify(ctx)
	if err != nil {
		return s.db.explain(err)
	}
	slot, err := readSlot(ctx, s.conn, s.Slot)
	if err == nil {
		err = slot.check(s.Slot, database)
	}
	if err != nil {
		return s.db.explain(err)
	}
	var known *state
	s.keeper.look(func(st *state) { known = st })
	if s.Anew && !s.anewDone {
		known = &state{Creating: true}
	}
	switch {
	case known == nil && slot.found:
		return fmt.Errorf("the slot %s is there already, and nothing is known of what was read of it: another installation may need it\n"+
			"  choose another name, cdc.slot, or take the slot over by tiendi cdc --snapshot", s.Slot)
	case known == nil || known.Creating:
		return s.createSlot(ctx, slot, database)
	case known.System != s.system || known.Database != database:
		return lost("cdc.url names another database than the one that was read before")
	case !slot.found:
		return lost("the slot %s was removed; what changed since %s was not read", s.Slot, known.Caught.Format(time.DateTime))
	case slot.status == "lost":
		return lost("the slot %s is invalidated: PostgreSQL has removed log that was not read yet (max_slot_wal_keep_size)", s.Slot)
	case slot.confirmed > known.Confirmed:
		return lost("the slot %s stands at %s, and only what is before %s was read: somebody has moved it, or made it anew", s.Slot, slot.confirmed, known.Confirmed)
	}
	return s.reconcile(ctx, known)
}

// identify asks which cluster and database this is, in a session of the kind that reads
// the log: who may not have one learns it here.
func (s *session) identify(ctx context.Context) (database string, err error) {
	conn, err := s.db.replicate(ctx)
	if err != nil {
		return "", err
	}
	defer endReplication(conn)
	is, err := pglogrepl.IdentifySystem(ctx, conn)
	s.system = is.SystemID
	return is.DBName, err
}

// reconcile takes in tables that are new to cdc.tables, and forgets others.
func (s *session) reconcile(ctx context.Context, known *state) error {
	var added []*table
	var removed []string
	for _, t := range s.tables {
		if known.Tables[t.String()] == nil {
			added = append(added, t)
		}
	}
	for _, name := range known.names() {
		if !slices.ContainsFunc(s.tables, func(t *table) bool { return t.String() == name }) {
			removed = append(removed, name)
		}
	}
	if len(added)+len(removed) == 0 {
		return nil
	}
	// What commits from here on comes with a higher version. What is under way may have
	// changed the table before it was published, so it has to be over before rows are read.
	start, err := s.position(ctx)
	if err != nil {
		return err
	}
	// With an id of our own that is over, all that began before it are in the list.
	if _, err := s.conn.Exec(ctx, "SELECT pg_current_xact_id()"); err != nil {
		return s.db.explain(err)
	}
	now, err := runningTransactions(ctx, s.conn)
	if err != nil {
		return s.db.explain(err)
	}
	var wait []uint32
	for xid := range now.running {
		wait = append(wait, xid)
	}
	return s.keeper.change(ctx, func(st *state) {
		for _, t := range added {
			st.Tables[t.String()] = &mirrored{Columns: t.columns, Start: start, Wait: wait}
			s.Say("a table is added", "table", t.String())
		}
		for _, name := range removed {
			delete(st.Tables, name)
			s.Say("a table is mirrored no more", "table", name)
		}
	})
}

// position is where PostgreSQL writes its log now.
func (s *session) position(ctx context.Context) (pglogrepl.LSN, error) {
	var text string
	if err := s.conn.QueryRow(ctx, "SELECT pg_current_wal_insert_lsn()::text").Scan(&text); err != nil {
		return 0, s.db.explain(err)
	}
	return pglogrepl.ParseLSN(text)
}

// mark writes a record into PostgreSQL's log and gives its place: whoever has read up
// to there has everything that was committed before the call. The position alone would
// not do: nothing may come after it for a long while.
func (s *session) mark(ctx context.Context) (pglogrepl.LSN, error) {
	var text string
	if err := s.conn.QueryRow(ctx, "SELECT pg_logical_emit_message(true, 'tiendi', '')::text").Scan(&text); err != nil {
		return 0, s.db.explain(err)
	}
	return pglogrepl.ParseLSN(text)
}
