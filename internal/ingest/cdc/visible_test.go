package cdc_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// hanging makes a commit that is in PostgreSQL's log and visible to nobody, as while a
// synchronous standby is away, until it is let go.
func (s *shop) hanging(sql string) (letGo func()) {
	s.Helper()
	c := s.connect(s.url)
	var pid int
	if err := c.QueryRow(s.soon(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		s.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := c.Exec(context.Background(), "SET synchronous_commit = on; BEGIN; "+sql+"; COMMIT", pgx.QueryExecModeSimpleProtocol)
		ended <- err
	}()
	s.eventually("the commit waits", func() bool {
		var waits bool
		err := s.db.QueryRow(s.soon(), "SELECT coalesce(bool_or(wait_event = 'SyncRep'), false) FROM pg_stat_activity WHERE pid = $1", pid).Scan(&waits)
		return err == nil && waits
	})
	return func() {
		s.exec("SELECT pg_cancel_backend(" + strconv.Itoa(pid) + ")")
		if err := <-ended; err != nil {
			s.Fatal(err)
		}
	}
}

// TestCommitsThatAreNotVisibleYet are waited for: by a snapshot, which would miss their
// rows, and by questions for values that the log leaves out, which would get older ones.
func TestCommitsThatAreNotVisibleYet(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t, "synchronous_standby_names=nobody", "synchronous_commit=local")
	s := newShopAt(t, server.URL(server.Addr()), `CREATE TABLE notes (id int PRIMARY KEY, small int, big text);
		ALTER TABLE notes ALTER big SET STORAGE EXTERNAL;
		INSERT INTO notes SELECT n, n, repeat(md5(n::text), 200) FROM generate_series(1, 50) n;`, "notes")
	letGo := s.hanging("INSERT INTO notes VALUES (100, 1, 'hangs'); UPDATE notes SET small = 0 WHERE id = 1")
	ended := make(chan error, 1)
	go func() { ended <- s.tryOnce() }()
	select {
	case err := <-ended:
		t.Logf("a run ended while a commit hung: %v", err) // the slot may begin before the commit
		ended <- err
	case <-time.After(2 * time.Second):
	}
	letGo()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.once()
	s.compare(s.replay(), "public.notes", "id")

	r := s.run()
	s.eventually("it reads", func() bool { return r.Ready() == nil })
	letGo = s.hanging(`UPDATE notes SET big = repeat('other', 2000) WHERE id = 2; UPDATE notes SET small = -2 WHERE id = 2;
		INSERT INTO notes VALUES (101, 1, repeat('new', 2000)); UPDATE notes SET small = -101 WHERE id = 101`)
	s.eventually("it is read", func() bool { return strings.Contains(metrics(t, r.Source), `op="update",table="public.notes"`) })
	time.Sleep(300 * time.Millisecond)
	letGo()
	s.caughtUp()
	if err := r.end(); err != nil {
		t.Error(err)
	}
	s.compare(s.replay(), "public.notes", "id")
}

// TestACommitThatIsNotVisibleYetToAnAddedTable is before the place from which the table
// is mirrored, so only the snapshot has its rows.
func TestACommitThatIsNotVisibleYetToAnAddedTable(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t, "synchronous_standby_names=nobody", "synchronous_commit=local")
	s := newShopAt(t, server.URL(server.Addr()), small+"CREATE TABLE b (id int PRIMARY KEY, v text); CREATE PUBLICATION tiendi FOR TABLE t, b", "t")
	s.once()
	letGo := s.hanging("INSERT INTO b VALUES (1, 'hangs')")
	s.tables = []string{"t", "b"}
	ended := make(chan error, 1)
	go func() { ended <- s.tryOnce() }()
	select {
	case err := <-ended:
		t.Fatalf("the run did not wait for a commit that nobody can see: %v", err)
	case <-time.After(2 * time.Second):
	}
	letGo()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.compare(s.replay(), "public.b", "id")
}

// TestALaterOwnerEndsTheWork: a process that was paused, and succeeded by another, saves
// nothing any more.
func TestALaterOwnerEndsTheWork(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	o := s.options()
	r := s.run()
	s.caughtUp()
	c, data, err := checkpoint.LoadBytes(s.soon(), o.State, "cdc/"+s.slot)
	if err != nil {
		t.Fatal(err)
	}
	c.Epoch += 10
	if err := checkpoint.SaveBytes(s.soon(), o.State, "cdc/"+s.slot, c, data); err != nil {
		t.Fatal(err)
	}
	s.exec("UPDATE t SET v = 'x'")
	select {
	case err = <-r.ended:
		r.ended <- err
	case <-time.After(patience):
		t.Fatal("it goes on")
	}
	s.wants(err, checkpoint.ErrFenced.Error())
	s.once()
	s.compare(s.replay(), "public.t", "id")
}
