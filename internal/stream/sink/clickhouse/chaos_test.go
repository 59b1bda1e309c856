package clickhouse_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// mortal is an engine that can be killed and started again, and a client of it.
type mortal struct {
	*warehouse.Client
	*warehousetest.Mortal
	t *testing.T
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	m := &mortal{Mortal: warehousetest.NewMortal(t), t: t}
	exec(t, m.Open(""), "CREATE DATABASE shop ENGINE = Atomic")
	m.Client = m.Open("shop")
	return m
}

// revive starts it again, after a death that may have happened already.
func (m *mortal) revive() {
	m.Kill()
	<-m.Done()
	_ = m.Close()
	m.Start()
	m.Client = m.Open("shop")
}

// TestChaosEngineDiesInInserts kills the engine at any moment of inserts that span
// many months, and inserts again under the same tokens. The table must be exact.
// Nothing may be in the view twice; it may lack a part of a killed insert, which the
// engine can lose after it has noted the token, and that must be rare.
func TestChaosEngineDiesInInserts(t *testing.T) {
	m := newMortal(t)
	build(t, m.Client, "events_raw", "daily_metrics_mv")
	exec(t, m.Client, "ALTER TABLE events_raw REMOVE TTL")
	rows := someEvents(3000, 30)
	var log records
	s := open(t, m.Client, &log)
	began := time.Now()
	insert(t, s, "first", rows)
	usual := time.Since(began)
	half, holes, all := 0, 0, chaos.Rounds(t, 5)
	for round := range all {
		token := fmt.Sprint("round ", round)
		death := time.AfterFunc(rand.N(usual*5/4), m.Kill)
		began := time.Now()
		if s.Insert(t.Context(), token, batches(rows)) == nil {
			usual = time.Since(began)
		}
		death.Stop()
		m.revive()
		if n := countOf(m, token); n > 0 && n < len(rows) {
			half++
		}
		s = open(t, m.Client, &log)
		insert(t, s, token, rows)
		want(t, m.Client, "SELECT count(), uniqExact(event_id), uniqExact(_position) FROM events_raw WHERE _batch = 'stream/"+token+"'", "3000 3000 3000")
		want(t, m.Client, "SELECT count() FROM events_raw", fmt.Sprint(len(rows)*(round+2)))
		want(t, m.Client, "SELECT count() FROM ("+difference+") WHERE views > 0 OR orders > 0 OR money > 0", "0")
		if now := months(m); now > holes {
			t.Logf("round %d: the view lacks a part", round)
			holes = now
		}
	}
	t.Logf("%d of %d inserts had died half way; the table had lost parts %d times, and the view %d", half, all, strings.Count(log.String(), "lost rows"), holes)
	if holes > 1+all/10 {
		t.Errorf("the view lacks %d parts", holes)
	}
}

func countOf(m *mortal, token string) int {
	return number(m, "SELECT count() FROM events_raw WHERE _batch = 'stream/"+token+"'")
}

// months counts those for which the view lacks anything.
func months(m *mortal) int {
	return number(m, "SELECT uniqExact(toYYYYMM(date)) FROM ("+difference+") WHERE views < 0 OR orders < 0 OR money < 0")
}

func number(m *mortal, sql string) int {
	m.t.Helper()
	n, err := strconv.Atoi(values(m.t, m.Client, sql))
	if err != nil {
		m.t.Fatal(err)
	}
	return n
}

// difference is what the view has beyond the table.
const difference = `SELECT store_id, date, sum(v) AS views, sum(o) AS orders, sum(m) AS money FROM (
	SELECT store_id, date, toInt64(product_views) AS v, toInt64(purchases) AS o, toInt64(revenue * 100) AS m FROM daily_metrics_mv
	UNION ALL SELECT store_id, toDate(timestamp), -toInt64(event_type = 'product_viewed'), -toInt64(event_type = 'purchase_completed'),
		if(event_type = 'purchase_completed', -1025, 0) FROM events_raw) GROUP BY store_id, date`
