package aggregate

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// hostileLog is of somebody who makes up a store, products and a source with every
// event, beside others who do not.
func hostileLog(r *rand.Rand, batches int) []record.Batch {
	log := someLog(r, batches)
	for i := range log {
		b := &log[i]
		for n := range b.Events {
			e := &b.Events[n]
			if r.IntN(3) == 0 {
				continue
			}
			e.StoreID, e.Source = id('x', r.IntN(1<<30)), fmt.Sprint("made up ", r.IntN(1<<30))
			if r.IntN(50) == 0 {
				e.Source = strings.Repeat("long", 100)
			}
			if e.Type == event.PurchaseCompleted || e.Type == event.CheckoutStarted {
				items := ""
				for range 5 {
					items += fmt.Sprintf(`,{"product_id":"%s","quantity":1,"price":2.50}`, id('y', r.IntN(1<<30)))
				}
				e.StoreID, e.Properties = id('t', r.IntN(3)), fmt.Appendf(nil, `{"total":12.5,"items":[%s]}`, items[1:])
			}
		}
	}
	return log
}

// newest is the last update of each window when a log was folded, flushed now and
// then and restarted from a snapshot after some of the flushes.
func newest(t *testing.T, log []record.Batch, most int, flushes *rand.Rand) (map[record.Window]record.Update, Stats) {
	t.Helper()
	o := someOptions()
	o.Most = most
	a, last := New(o), map[record.Window]record.Update{}
	take := func(updates []record.Update) {
		for _, u := range updates {
			if u.Visitors == nil {
				u.Visitors = last[u.Window].Visitors
			}
			last[u.Window] = u
		}
	}
	other := uint64(0)
	for i := range log {
		a.Fold(&log[i], uint64(i))
		for g, r := range a.rooms {
			if bound := 2 * (most + len(a.periods[g])*fewWindows); most > 0 && r.open > bound {
				t.Fatalf("after batch %d, %d windows of grain %d are open, and %d is the most", i, r.open, g, bound)
			}
		}
		switch flushes.IntN(6) {
		case 0:
			take(flush(t, a, false))
		case 1:
			take(flush(t, a, true))
			other += a.Stats().Other
			a = again(t, a)
		}
	}
	take(flush(t, a, true))
	s := a.Stats()
	s.Other += other
	return last, s
}

// TestRoomIsEnough: below the bound nothing is other than without one.
func TestRoomIsEnough(t *testing.T) {
	for seed := range uint64(5) {
		log := someLog(rand.New(rand.NewPCG(seed, 1)), 150)
		want, _ := newest(t, log, 0, rand.New(rand.NewPCG(seed, 2)))
		got, s := newest(t, log, 100_000, rand.New(rand.NewPCG(seed, 2)))
		if !reflect.DeepEqual(got, want) || s.Other > 0 {
			t.Fatalf("seed %d: other windows, %d without room", seed, s.Other)
		}
	}
}

// TestRoomIsBounded: beyond the bound windows are bounded, and the same whenever they
// are flushed and whoever is restarted; what the platform has is exact, and what stores
// have adds up.
func TestRoomIsBounded(t *testing.T) {
	for seed := range uint64(5) {
		log := hostileLog(rand.New(rand.NewPCG(seed, 1)), 600)
		free, _ := newest(t, log, 0, rand.New(rand.NewPCG(seed, 2)))
		got, s := newest(t, log, 300, rand.New(rand.NewPCG(seed, 2)))
		again, _ := newest(t, log, 300, rand.New(rand.NewPCG(seed, 3)))
		if !reflect.DeepEqual(got, again) {
			t.Fatalf("seed %d: other flushes and restarts, other windows", seed)
		}
		if s.Other == 0 || len(got) >= len(free) {
			t.Fatalf("seed %d: %d windows, %d without a bound, %d without room", seed, len(got), len(free), s.Other)
		}
		sources, products, freeProducts := sums(got, record.ByStoreSource), sums(got, record.ByProduct), sums(free, record.ByProduct)
		for w, u := range free {
			if w.By == record.ByStore && w.StoreID.IsZero() && !reflect.DeepEqual(got[w], u) {
				t.Errorf("the platform at %d is %+v, want %+v", w.Start, got[w].Counts, u.Counts)
			}
		}
		for w, u := range got {
			if w.By == record.ByStore && (sources[w] != u.Counts || products[w] != freeProducts[w]) {
				t.Errorf("%+v has %+v, its sources %+v, its products %+v, want %+v", w, u.Counts, sources[w], products[w], freeProducts[w])
			}
		}
	}
}

// sums adds up by the store's own windows what it has by source, or by product.
func sums(all map[record.Window]record.Update, by record.By) map[record.Window]record.Counts {
	sums := map[record.Window]record.Counts{}
	for w, u := range all {
		if w.By == by {
			w.By, w.Source, w.ProductID = record.ByStore, "", event.ID{}
			sum := sums[w]
			add(&sum, &u.Counts)
			sums[w] = sum
		}
	}
	return sums
}

// TestWindowsMakeRoom: who has filled a partition leaves it to others again when his
// windows close, and each minute has some room until then.
func TestWindowsMakeRoom(t *testing.T) {
	o := someOptions()
	o.Most = 1000
	a := New(o)
	fold := func(at time.Time, n int) int {
		b := record.Batch{At: at}
		for i := range n {
			e := record.Event{Source: "direct"}
			e.Type, e.Timestamp, e.SessionID, e.StoreID = event.PageView, at, id('s', 1), id('t', i)
			b.Events = append(b.Events, e)
		}
		a.Fold(&b, 1)
		minutes := 0
		for _, u := range flush(t, a, true) {
			if u.Grain == record.Minute && u.By == record.ByStore {
				minutes++
			}
		}
		return minutes
	}
	if n := fold(begin, 5000); n < 499 || n > 501 {
		t.Errorf("%d stores have windows, want 500 and the platform", n)
	}
	if n := fold(begin.Add(time.Minute), 5000); n < fewWindows/2-1 || n > fewWindows/2+1 {
		t.Errorf("%d stores have windows of the next minute", n)
	}
	if n := fold(begin.Add(o.Keep+o.Lateness+10*time.Minute), 1); n != 2 {
		t.Errorf("one store has %d windows", n)
	}
	if n := fold(begin.Add(o.Keep+o.Lateness+11*time.Minute), 400); n != 401 {
		t.Errorf("%d of 400 stores and the platform have windows when there is room again", n)
	}
}
