package cdc_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
)

func TestAddedColumnsArrive(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	s.exec("ALTER TABLE t ADD extra text; UPDATE t SET extra = 'x'; INSERT INTO t VALUES (100, 'a', 1, 'b')")
	s.once()
	s.exec("ALTER TABLE t ADD more int; UPDATE t SET more = 5")
	s.once()
	s.exec("UPDATE t SET more = 6 WHERE id < 5")
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

// TestColumnsAreKnownWithTheirPlace has a column added in a transaction that the log does
// not take, behind another one: after a restart both come again, the first without the
// column, which is not dropped.
func TestColumnsAreKnownWithTheirPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	slow := &slowLog{Broker: s.broker, gate: make(chan struct{})}
	r := s.run(func(o *cdc.Options) { o.Broker = slow })
	read := func(n int) {
		s.eventually("it is read", func() bool {
			return strings.Contains(metrics(t, r.Source), fmt.Sprintf(`tiendi_cdc_changes_total{op="update",table="public.t"} %d`, n))
		})
		time.Sleep(100 * time.Millisecond) // so that each is a batch of its own
	}
	s.exec("UPDATE t SET w = 1 WHERE id = 1")
	read(1)
	s.exec("UPDATE t SET w = 2 WHERE id = 1")
	read(2)
	s.exec("ALTER TABLE t ADD extra text; UPDATE t SET extra = 'x' WHERE id = 1")
	read(3)
	before := s.confirmed()
	slow.gate <- struct{}{} // takes the first alone
	s.eventually("the first is confirmed", func() bool { return s.confirmed() > before })
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

// TestLostColumnsStop: with the column the table's changes stop, before and after a
// restart, until somebody says to go on; then they do, and a restart does too.
func TestLostColumnsStop(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		alter string
		says  []string
	}{
		"dropped": {"ALTER TABLE t DROP w", []string{"w dropped or renamed"}},
		"renamed": {"ALTER TABLE t RENAME v TO u", []string{"v dropped or renamed"}},
		"retyped": {"ALTER TABLE t ALTER w TYPE bigint", []string{"w of another type"}},
		"both":    {"ALTER TABLE t DROP w, ALTER v TYPE int USING 1", []string{"w dropped or renamed", "v of another type"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, small, "t")
			s.once()
			s.exec("UPDATE t SET w = w + 1; INSERT INTO t VALUES (100, 'before', 1)")
			s.exec(c.alter + "; DELETE FROM t WHERE id = 1; UPDATE t SET id = id + 500 WHERE id = 2")
			says := append(c.says, "the columns of public.t have changed", "tiendi cdc --accept-schema public.t")
			s.wants(s.tryOnce(), says...)
			s.wants(s.tryOnce(), says...)
			if r := s.run(); true {
				s.wants(<-r.ended, says...)
				r.ended <- nil
			}
			s.once(func(o *cdc.Options) { o.Accept = []string{"t"} })
			s.exec("UPDATE t SET id = id + 1000") // so that every row comes in its new shape
			s.once()
			s.compare(s.replay(), "public.t", "id")
		})
	}
}

func TestAnotherKeyStops(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	s.exec("ALTER TABLE t DROP CONSTRAINT t_pkey, ALTER v SET NOT NULL, ADD PRIMARY KEY (id, v); UPDATE t SET w = 0 WHERE id = 3")
	s.wants(s.tryOnce(), "mirrored by its key (id)", "rows are now known by (id, v)", "--snapshot")
	s.once(func(o *cdc.Options) { o.Anew = true })
	s.exec("DELETE FROM t WHERE id < 7")
	s.once()
	s.compare(s.replay(), "public.t", "id", "v")
}

func TestInit(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	o := s.options()
	planned, err := cdc.Init(s.soon(), o, true)
	if err != nil || len(planned) != 2 || !strings.Contains(planned[0].SQL, "CREATE TABLE public.orders") {
		t.Fatalf("planned %v: %v", planned, err)
	}
	done, err := cdc.Init(s.soon(), o, false)
	if err != nil || len(done) != len(planned) {
		t.Fatalf("did %v: %v", done, err)
	}
	if again, err := cdc.Init(s.soon(), o, false); err != nil || len(again) != 0 {
		t.Errorf("did again %v: %v", again, err)
	}
	s.tables = cdc.DefaultTables()
	s.once()
	other := newShop(t, "CREATE TABLE orders (id int PRIMARY KEY)")
	_, err = cdc.Init(other.soon(), other.options(), false)
	other.wants(err, "tables of its own by these names: orders")
}
