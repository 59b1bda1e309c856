package redis

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestHostileSources: whoever makes up sources fills an index, not the server; those
// that were there keep counting.
func TestHostileSources(t *testing.T) {
	target := start(t)
	p := &record.Publication{Watermark: someDay.Add(time.Hour)}
	add := func(source string, revision uint64) {
		w := record.Window{Grain: record.Day, By: record.ByStoreSource, Start: someDay.Unix(), StoreID: id(1), Source: source}
		p.Updates = append(p.Updates, record.Update{Window: w, Revision: revision, Counts: record.Counts{Views: revision}})
	}
	add("direct", 1)
	apply(t, target, 0, 0, p)
	for n := range 500 {
		add(fmt.Sprint("made up ", n), 2)
	}
	apply(t, target, 0, 1, p)
	add("direct", 9)
	apply(t, target, 0, 2, p)
	store := "tiendi:day:2026-11-20:" + id(1).String()
	if n := target.client.ZCard(context.Background(), store+":sources:views").Val(); n != 100 {
		t.Errorf("%d sources, want 100", n)
	}
	if got := totals(t, target.client, store+":source:direct"); got.Views != 9 {
		t.Errorf("%d views, want 9", got.Views)
	}
	if got := target.Omitted().Full; got != 2*401 {
		t.Errorf("%d updates beyond the limit, want 401 twice", got)
	}
	if n := len(keys(t, target.client)); n > 110 {
		t.Errorf("%d keys", n)
	}
}

// TestHugeValues: a count beyond what Lua can tell apart is cut, and the total goes
// back to what it should be.
func TestHugeValues(t *testing.T) {
	target := start(t)
	w := record.Window{Grain: record.Day, Start: someDay.Unix(), StoreID: id(1)}
	for partition := range 5 {
		apply(t, target, partition, 0, &record.Publication{Updates: []record.Update{{Window: w, Revision: 1, Counts: record.Counts{Views: 1 << 63, Revenue: 1<<62 + 1}}}})
	}
	if got := totals(t, target.client, keyOf(w)); got.Views != 5<<52 || got.Revenue != 5<<52 {
		t.Errorf("%+v, want 5 times 2^52", got)
	}
	for partition := range 5 {
		apply(t, target, partition, 1, &record.Publication{Updates: []record.Update{{Window: w, Revision: 2, Counts: record.Counts{Views: 1, Revenue: -3}}}})
	}
	if got := totals(t, target.client, keyOf(w)); got.Views != 5 || got.Revenue != -15 {
		t.Errorf("%+v, want 5 views and -15", got)
	}
}

// TestGroupsAreCut: figures of one index are ranked alike whether they go in one
// piece or each in its own, and the platform is in no ranking.
func TestGroupsAreCut(t *testing.T) {
	for _, items := range []int{1, 2, pieceItems} {
		target := start(t)
		target.pieceItems = items
		for partition := range 2 {
			p := &record.Publication{Watermark: someDay.Add(time.Hour)}
			for n := range byte(4) {
				store := record.Window{Grain: record.Day, Start: someDay.Unix(), StoreID: id(n)}
				product := store
				product.By, product.StoreID, product.ProductID = record.ByProduct, id(1), id(n)
				counts := record.Counts{Views: uint64(n) + 1, Carts: 1, Checkouts: 2, Purchases: 3, Units: 4, Revenue: -int64(n)}
				p.Updates = append(p.Updates, record.Update{Window: store, Revision: 1, Counts: counts}, record.Update{Window: product, Revision: 1, Counts: counts})
			}
			apply(t, target, partition, 0, p)
		}
		for index, want := range map[string]map[string]float64{
			":stores:views":                          {id(1).String(): 4, id(2).String(): 6, id(3).String(): 8},
			":stores:revenue":                        {id(1).String(): -2, id(2).String(): -4, id(3).String(): -6},
			":" + id(1).String() + ":products:views": {id(0).String(): 2, id(1).String(): 4, id(2).String(): 6, id(3).String(): 8},
		} {
			if got := scores(target.client, "tiendi:day:2026-11-20"+index); !maps.Equal(got, want) {
				t.Errorf("in pieces of %d, %s: %v, want %v", items, index, got, want)
			}
		}
		want := record.Counts{Views: 4, Carts: 2, Checkouts: 4, Purchases: 6, Units: 8, Revenue: -2}
		if got := totals(t, target.client, "tiendi:day:2026-11-20:"+id(1).String()); got != want {
			t.Errorf("in pieces of %d: %+v, want %+v", items, got, want)
		}
	}
}

func TestSourceName(t *testing.T) {
	for source, want := range map[string]string{
		"": "%", "Google.com": "Google.com", "a b:c\x00": "a%20b%3Ac%00", "%": "%25", "ñ": "%C3%B1",
	} {
		if got := sourceName(source); got != want {
			t.Errorf("%q is written %q, want %q", source, got, want)
		}
	}
	long, other := sourceName(strings.Repeat("x", 5000)), sourceName(strings.Repeat("x", 5001))
	if long == other || len(long) != longestSource {
		t.Errorf("long sources are written %q and %q", long, other)
	}
}

func TestPasswordIsNotPrinted(t *testing.T) {
	for _, url := range []string{"rediss://u:s3cret@host:bad/0", "http://u:s3cret@host", "redis://u:s3cret%zz@host", "redis://u:s3cret@host/x"} {
		if _, err := New(Config{URL: url}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	target, err := New(Config{URL: "redis://u:s3cret@127.0.0.1:1/0"})
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	if _, err := target.Applied(context.Background(), 0); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
}
