package redis

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// expected is what Redis must show when so many publications of each log were
// applied: written down without any difference, revision or order of partitions.
type expected struct {
	totals   map[string]record.Counts
	indexes  map[string]map[string]float64
	visitors map[string][]any
	live     map[event.ID]uint64
}

func expect(logs []*log, applied []int) *expected {
	e := &expected{totals: map[string]record.Counts{}, indexes: map[string]map[string]float64{}, visitors: map[string][]any{}, live: map[event.ID]uint64{}}
	var latest time.Time
	for p, l := range logs {
		if n := applied[p]; n > 0 && l.publications[n-1].Watermark.After(latest) {
			latest = l.publications[n-1].Watermark
		}
	}
	for p, l := range logs {
		windows, live := map[record.Window]*record.Update{}, map[event.ID]uint64{}
		for _, publication := range l.publications[:applied[p]] {
			for i, u := range publication.Updates {
				if u.Grain == record.Minute && u.By != record.ByStore {
					continue
				}
				windows[u.Window] = &publication.Updates[i]
			}
			for _, l := range publication.Live {
				live[l.StoreID] = l.Sessions
			}
		}
		e.addWindows(windows, l, applied[p], latest)
		for store, n := range live {
			e.live[store] += n
		}
	}
	e.addIndexes()
	return e
}

func keyOf(w record.Window) string {
	unit := "tiendi:minute:" + strconv.FormatInt(w.Start, 10)
	if w.Grain == record.Day {
		unit = "tiendi:day:" + time.Unix(w.Start, 0).UTC().Format("2006-01-02")
	}
	key := unit + ":" + w.StoreID.String()
	switch w.By {
	case record.ByProduct:
		key += ":product:" + w.ProductID.String()
	case record.ByStoreSource:
		key += ":source:" + sourceName(w.Source)
	}
	return key
}

func (e *expected) addWindows(windows map[record.Window]*record.Update, l *log, applied int, latest time.Time) {
	for w, u := range windows {
		kept := 72 * time.Hour
		if w.Grain == record.Minute {
			kept = 6 * time.Hour
		}
		if !time.Unix(w.Start, 0).Add(kept).After(latest) {
			continue
		}
		key := keyOf(w)
		c := e.totals[key]
		c.Views, c.Carts, c.Checkouts = c.Views+u.Views, c.Carts+u.Carts, c.Checkouts+u.Checkouts
		c.Purchases, c.Units, c.Revenue = c.Purchases+u.Purchases, c.Units+u.Units, c.Revenue+u.Revenue
		e.totals[key] = c
		for _, v := range l.visitors[w] {
			if v.offset < applied {
				e.visitors[key+":visitors"] = append(e.visitors[key+":visitors"], v.name)
			}
		}
	}
}

func (e *expected) addIndexes() {
	for key, c := range e.totals {
		cut := strings.LastIndex(key, ":")
		index, member := key[:cut], key[cut+1:]
		switch {
		case strings.HasSuffix(index, ":product"), strings.HasSuffix(index, ":source"):
			index += "s"
		case member == (event.ID{}).String():
			continue
		default:
			index += ":stores"
		}
		e.index(index+":views", member, float64(c.Views))
		e.index(index+":revenue", member, float64(c.Revenue))
	}
}

func (e *expected) index(key, member string, score float64) {
	if e.indexes[key] == nil {
		e.indexes[key] = map[string]float64{}
	}
	e.indexes[key][member] = score
}

// check compares everything that Redis holds with what it must.
func (e *expected) check(t *testing.T, client, scratch *goredis.Client) {
	t.Helper()
	ctx, have := context.Background(), keys(t, client)
	for key, want := range e.totals {
		if got := totals(t, client, key); got != want {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	for key := range have {
		if ttl := client.TTL(ctx, key).Val(); ttl <= 0 {
			t.Errorf("%s lives for ever (%v)", key, ttl)
		}
		kind := client.Type(ctx, key).Val()
		_, counted := e.totals[key]
		switch {
		case strings.HasPrefix(key, "tiendi:day:") || strings.HasPrefix(key, "tiendi:minute:"):
			switch {
			case kind == "hash" && !counted:
				t.Errorf("%s should not be there: %v", key, client.HGetAll(ctx, key).Val())
			case kind == "zset":
				e.checkIndex(t, client, key)
			case kind == "string":
				want := scratch.PFCount(ctx, sketchOf(scratch, e.visitors[key])).Val()
				if got := client.PFCount(ctx, key).Val(); got != want {
					t.Errorf("%s: %d visitors, want %d", key, got, want)
				}
			}
		}
	}
	for key := range e.visitors {
		if !have[key] {
			t.Errorf("%s is not there", key)
		}
	}
	for store := range byte(4) {
		key := "tiendi:live:" + id(store).String()
		got, _ := client.HGet(ctx, key, "sessions").Uint64()
		if want := e.live[id(store)]; got != want || want == 0 && have[key] {
			t.Errorf("%s: %v, want %d sessions", key, client.HGetAll(ctx, key).Val(), want)
		}
	}
}

// checkIndex compares an index with the totals. A store that has products or
// sources alone has no figure of its own; nor has one a place by revenue whose
// revenue never changed from nothing.
func (e *expected) checkIndex(t *testing.T, client *goredis.Client, key string) {
	t.Helper()
	got := scores(client, key)
	for member, score := range got {
		if want := e.indexes[key][member]; want != score {
			t.Errorf("%s: %s is at %.0f, want %.0f", key, member, score, want)
		}
	}
	for member, score := range e.indexes[key] {
		if _, listed := got[member]; !listed && score != 0 {
			t.Errorf("%s: %s is not listed, want %.0f", key, member, score)
		}
	}
}

func scores(client *goredis.Client, key string) map[string]float64 {
	all := map[string]float64{}
	for _, z := range client.ZRangeWithScores(context.Background(), key, 0, -1).Val() {
		all[z.Member.(string)] = z.Score
	}
	return all
}

func sketchOf(scratch *goredis.Client, names []any) string {
	ctx := context.Background()
	scratch.Del(ctx, "wanted")
	scratch.PFAdd(ctx, "wanted", names...)
	return "wanted"
}
