package generate

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// A year of a larger marketplace shows what a month is too short for.
func TestSubscriptionsTellAStory(t *testing.T) {
	o := small(t)
	o.Events, o.Stores, o.Users, o.ProbeInterval = 2000, 300, 100, 0
	run(t, o)
	periods := map[string][]row{}
	for _, r := range readTable(t, o.Out, "subscriptions") {
		periods[r["store_id"]] = append(periods[r["store_id"]], r)
	}
	changes, gone, back := 0, 0, 0
	for _, s := range readTable(t, o.Out, "stores") {
		list := periods[s["id"]]
		if len(list) == 0 || list[0]["started_at"] != s["created_at"] {
			t.Fatalf("store %s: no subscription from its opening on", s["id"])
		}
		for i, p := range list[1:] {
			switch before := list[i]["ended_at"]; {
			case before == "" || p["started_at"] < before:
				t.Errorf("store %s: %v overlaps the one before", s["id"], p)
			case p["started_at"] == before:
				changes++
			default:
				back++
			}
		}
		last := list[len(list)-1]
		if last["ended_at"] != "" {
			gone++
		}
		if s["plan"] != last["plan"] {
			t.Errorf("store %s has plan %s, its subscription %s", s["id"], s["plan"], last["plan"])
		}
	}
	if changes == 0 || gone == 0 || back == 0 {
		t.Errorf("%d plan changes, %d ends, %d reactivations: all are wanted", changes, gone, back)
	}
}

func TestCatalogueHasItsQuirks(t *testing.T) {
	o := small(t)
	run(t, o)
	owner, plain := map[string]string{}, 0
	names := map[string]bool{}
	for id, versions := range productVersions(t, o.Out) {
		owner[id] = versions[0]["store_id"]
		if versions[0]["category"] == "" {
			plain++
		}
		if versions[0].money(t, "price").Sign() <= 0 {
			t.Errorf("product %s is free", id)
		}
	}
	for _, s := range readTable(t, o.Out, "stores") {
		if names[s["name"]] {
			t.Errorf("two stores are called %q", s["name"])
		}
		names[s["name"]] = true
	}
	elsewhere := 0
	orders := currentOrders(t, o.Out)
	for id, items := range itemsByOrder(t, o.Out) {
		for _, item := range items {
			if _, known := owner[item["product_id"]]; !known {
				t.Fatalf("product %s is sold but unknown", item["product_id"])
			}
			if owner[item["product_id"]] != orders[id]["store_id"] {
				elsewhere++
			}
		}
	}
	if plain == 0 || elsewhere == 0 {
		t.Errorf("%d products without category, %d sold by another store: both are wanted", plain, elsewhere)
	}
}

func TestAnomaliesShow(t *testing.T) {
	o := small(t)
	o.Events, o.ProbeInterval = 60_000, time.Minute
	day := func(n int) time.Time { return time.Date(2025, 11, n, 0, 0, 0, 0, time.UTC) }
	o.Anomalies = []Anomaly{{day(12), Spike}, {day(14), Drop}, {day(16), Outage}, {day(18), PaymentFailures}, {day(20), SlowAPI}}
	run(t, o)
	odd := perDay(distinct(t, readEvents(t, o.Out)))
	share := func(date, what string) float64 {
		plain := float64(odd["2025-11-13"][what]) / float64(odd["2025-11-13"]["web"])
		return float64(odd[date][what]) / float64(odd[date]["web"]) / plain
	}
	if f := float64(odd["2025-11-12"]["web"]) / float64(odd["2025-11-13"]["web"]); f < 2.2 {
		t.Errorf("spike: %.2f times the next day's events", f)
	}
	if f := float64(odd["2025-11-14"]["web"]) / float64(odd["2025-11-13"]["web"]); f > 0.45 {
		t.Errorf("drop: %.2f of the day before", f)
	}
	if down := odd["2025-11-16"]["probe down"]; down < 240*6/10 {
		t.Errorf("outage: only %d probes failed", down)
	}
	if f := share("2025-11-18", "payment failed"); f < 4 {
		t.Errorf("payment failures: only %.1f times the usual share", f)
	}
	if f := share("2025-11-20", "slow request"); f < 4 {
		t.Errorf("slow API: only %.1f times the usual share of slow requests", f)
	}
}

func perDay(events []readEvent) map[string]map[string]int {
	days := map[string]map[string]int{}
	for _, e := range events {
		date := e.Timestamp.UTC().Format(time.DateOnly)
		if days[date] == nil {
			days[date] = map[string]int{}
		}
		n := days[date]
		switch {
		case e.Type.Web():
			n["web"]++
		case e.Type == event.PaymentFailed:
			n["payment failed"]++
		case e.Type == event.APIRequest && e.props.DurationMS > 300:
			n["slow request"]++
		case e.Type == event.HealthProbe && e.props.Status >= 500:
			n["probe down"]++
		}
	}
	return days
}

func TestBlackFriday(t *testing.T) {
	for date, want := range map[string]bool{
		"2024-11-29": true, "2024-11-27": false, "2025-11-28": true, "2025-11-21": false,
		"2026-11-27": true, "2026-11-23": false, "2029-11-23": true,
	} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := nearBlackFriday(at); got != want {
			t.Errorf("%s: %v", date, got)
		}
	}
}

// A product has few companions, always the same, and they are on the shelf of
// the store that is visited.
func TestProductsHaveCompanions(t *testing.T) {
	o := small(t)
	o.settle()
	w := newWorld(newPlan(&o))
	for _, store := range []int{0, 7, 20} {
		shelf := w.storeList[store].shelf
		counts := map[int]int{}
		r := newStream(1, kindSession, uint64(store))
		const draws = 3000
		for range draws {
			p := w.companionProduct(&r, store, int(shelf[0]), w.to)
			if !slices.Contains(shelf, int32(p)) {
				t.Fatalf("store %d does not show product %d", store, p)
			}
			counts[p]++
		}
		often := slices.Sorted(maps.Values(counts))
		slices.Reverse(often)
		if often[0] < draws*2/5 || often[0]+often[1]+often[2] < draws*7/10 {
			t.Errorf("store %d: %v of %d, want three products that are mostly chosen", store, often[:3], draws)
		}
	}
}
