package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// history is what an aggregator of one partition writes: of each revision the same,
// whenever it writes it.
type history struct {
	partition int
	random    *rand.Rand
}

func newHistory(partition int, seed uint64) *history {
	return &history{partition, rand.New(rand.NewPCG(seed, uint64(partition)))}
}

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// window is one of a few. Sessions of a partition are no other one's.
func (h *history) window(n int) record.Window {
	w := record.Window{Grain: record.Grain(n % 2), By: record.By(n % 3), Start: noon.Unix() + int64(n%4)*60, StoreID: id(byte(n % 5))}
	if w.Grain == record.Day {
		w.Start = noon.AddDate(0, 0, n%4).Truncate(24 * time.Hour).Unix()
	}
	switch w.By {
	case record.ByProduct:
		w.ProductID = id(byte(n % 7))
	case record.ByStoreSource:
		w.Source = fmt.Sprint("source ", n%7)
	}
	return w
}

// counts grow, and the sketch changes with every third revision.
func counts(revision uint64) record.Counts {
	return record.Counts{Views: revision, Carts: revision / 2, Checkouts: revision / 3, Purchases: revision / 5, Units: revision / 4, Revenue: int64(revision) * 1999}
}

func sketch(revision uint64) []byte { return fmt.Appendf(nil, "sketch %d", revision/3) }

func (h *history) session(n int, revision uint64) record.Session {
	return record.Session{
		SessionID: event.ID{0: byte(h.partition), 15: byte(n)}, StartedAt: noon.Add(time.Duration(n%3) * time.Minute), EndedAt: noon.Add(time.Hour),
		Revision: revision, Events: revision, Gone: revision%4 == 0, Revenue: int64(revision), Stores: []event.ID{id(byte(n))},
	}
}

// publications are those of some revisions, from one on. After a restart the first
// update of a window has its sketch; then only those have that changed it.
func (h *history) publications(from, to uint64) []*record.Publication {
	var list []*record.Publication
	known := map[record.Window]uint64{}
	for revision := from; revision < to; revision++ {
		p := &record.Publication{}
		for range h.random.IntN(4) {
			w := h.window(int(revision) * 31 % 50) // always the same ones for a revision
			u := record.Update{Window: w, Counts: counts(revision), Revision: revision, Visitors: sketch(revision)}
			if last, ok := known[w]; ok && last/3 == revision/3 {
				u.Visitors = nil
			}
			known[w] = revision
			p.Updates = append(p.Updates, u)
		}
		p.Sessions = append(p.Sessions, h.session(int(revision)*17%20, revision))
		list = append(list, p)
	}
	return list
}

// oracle is what the tables should hold.
type oracle struct {
	windows  map[string]string
	sessions map[string]string
	highest  map[string]uint64
}

func newOracle() *oracle {
	return &oracle{map[string]string{}, map[string]string{}, map[string]uint64{}}
}

func (o *oracle) add(partition int, publications []*record.Publication) {
	newest := func(key string, revision uint64) bool {
		if revision < o.highest[key] {
			return false
		}
		o.highest[key] = revision
		return true
	}
	for _, p := range publications {
		for _, u := range p.Updates {
			key := fmt.Sprintf("%d,%v,%v,%s,%s,%q,%s", partition, u.Grain, u.By, u.StoreID, u.ProductID, u.Source, time.Unix(u.Start, 0).UTC().Format("2006-01-02 15:04"))
			if newest(key, u.Revision) {
				c := counts(u.Revision)
				o.windows[key] = fmt.Sprintf("%d,%d,%d,%d,%d,%d,%d,%s", u.Revision, c.Views, c.Carts, c.Checkouts, c.Purchases, c.Units, c.Revenue, sketch(u.Revision))
			}
		}
		for _, s := range p.Sessions {
			key := fmt.Sprintf("%s,%d", s.SessionID, s.StartedAt.Unix())
			if newest(key, s.Revision) {
				o.sessions[key] = fmt.Sprintf("%d,%d,%t,%d,{%s}", s.Revision, s.Events, s.Gone, s.Revenue, s.Stores[0])
			}
		}
	}
}

// What the oracle says, as queries say it.
const (
	windowRows = `SELECT concat_ws(',', partition, grain, kind, store_id, product_id, '"' || source || '"', at, revision, views, carts, checkouts, purchases,
		units, (live_revenue * 100)::bigint, convert_from(visitors_sketch, 'UTF8')) FROM (
		SELECT *, 'minute' AS grain, to_char(window_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at FROM tiendi.live_minute
		UNION ALL SELECT *, 'day', to_char(window_start, 'YYYY-MM-DD') || ' 00:00' FROM tiendi.live_daily) t`
	sessionRows = `SELECT concat_ws(',', session_id, extract(epoch FROM started_at)::bigint, revision, events, CASE WHEN gone THEN 'true' ELSE 'false' END,
		(live_revenue * 100)::bigint, store_ids) FROM tiendi.live_sessions`
)

func sorted(m map[string]string) []string {
	var list []string
	for key, v := range m {
		list = append(list, key+","+v)
	}
	slices.Sort(list)
	return list
}

// difference is what one has and the other has not.
func difference(got, want []string) string {
	var b strings.Builder
	for _, row := range got {
		if !slices.Contains(want, row) {
			fmt.Fprintln(&b, "not wanted:", row)
		}
	}
	for _, row := range want {
		if !slices.Contains(got, row) {
			fmt.Fprintln(&b, "missing:   ", row)
		}
	}
	return b.String()
}
