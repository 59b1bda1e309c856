package aggregate

import (
	"fmt"
	"math"
	"testing"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// TestPurchase shows all windows of one event: a product that is in it twice, one
// that is in it once, and an item without a product.
func TestPurchase(t *testing.T) {
	e := record.Event{Source: "search"}
	e.Type, e.Timestamp, e.StoreID, e.SessionID = event.PurchaseCompleted, begin, id('t', 1), id('s', 1)
	one, two := id('p', 1), id('p', 2)
	e.Properties = fmt.Appendf(nil, `{"total":25.999,"items":[{"product_id":"%s","quantity":2,"price":3.5},{"product_id":"%s","quantity":1,"price":1},{"quantity":9,"price":1},{"product_id":"%s","quantity":1,"price":4}]}`, one, two, one)
	a := New(someOptions())
	a.Fold(&record.Batch{At: begin, Events: []record.Event{e}}, 8)
	whole := record.Counts{Purchases: 1, Units: 13, Revenue: 2599}
	want := map[record.Window]record.Counts{}
	for g, start := range []int64{begin.Unix(), begin.Unix() - (23*60+50)*60 + 5*3600} {
		for _, store := range []event.ID{{}, e.StoreID} {
			want[record.Window{Grain: record.Grain(g), Start: start, StoreID: store}] = whole
			want[record.Window{Grain: record.Grain(g), Start: start, StoreID: store, By: record.ByStoreSource, Source: "search"}] = whole
		}
		w := record.Window{Grain: record.Grain(g), Start: start, StoreID: e.StoreID, By: record.ByProduct, ProductID: one}
		want[w] = record.Counts{Purchases: 1, Units: 3, Revenue: 1100}
		w.ProductID = two
		want[w] = record.Counts{Purchases: 1, Units: 1, Revenue: 100}
	}
	var visitor sketch.Sketch
	visitor.Add(sketch.Hash([]byte(e.SessionID.String())))
	sent := flush(t, a, true)
	for _, u := range sent {
		if u.Counts != want[u.Window] || u.Revision != 8 || string(u.Visitors) != string(visitor.AppendRedis(nil)) {
			t.Errorf("%+v: %+v, want %+v", u.Window, u.Counts, want[u.Window])
		}
	}
	if len(sent) != len(want) {
		t.Errorf("%d windows, want %d", len(sent), len(want))
	}
}

func TestSumsEnd(t *testing.T) {
	c := record.Counts{Units: math.MaxUint64 - 1, Revenue: event.MaxMoney - 1}
	add(&c, &record.Counts{Units: 5, Revenue: math.MaxInt64})
	if c.Units != math.MaxUint64 || c.Revenue != event.MaxMoney {
		t.Errorf("%+v", c)
	}
	c.Revenue = 1 - event.MaxMoney
	if add(&c, &record.Counts{Revenue: math.MinInt64}); c.Revenue != -event.MaxMoney {
		t.Errorf("%+v", c)
	}
}
