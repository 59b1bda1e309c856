package bench

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// check holds every store against the ledger.
func (r *rig) check(t *testing.T, facts []fact) {
	t.Helper()
	r.checkEvents(t, facts)
	want := recompute(facts)
	for store, got := range map[string]*figures{"ClickHouse": r.clickhouse(t), "PostgreSQL": r.postgresql(t)} {
		agree(t, store+"'s minutes", want.minutes, got.minutes)
		agree(t, store+"'s days", want.days, got.days)
		agree(t, store+"'s sessions", want.sessions, got.sessions)
	}
	r.checkRedis(t, want, facts)
}

// checkEvents wants each accepted event once in events_raw, and no other.
func (r *rig) checkEvents(t *testing.T, facts []fact) {
	t.Helper()
	want, got := map[string]string{}, map[string]string{}
	for i := range facts {
		want[facts[i].id.String()] = "1"
	}
	r.look(t, func(c *warehouse.Client) {
		got = pairs(t, ask(t, c, "SELECT toString(event_id), toString(count()) FROM events_raw GROUP BY event_id"))
	})
	agree(t, "events_raw", want, got)
}

// agree tells the first differences of two sets of rows.
func agree(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	var differ []string
	for key, row := range want {
		if got[key] != row {
			differ = append(differ, key+" is "+strconv.Quote(got[key])+", want "+row)
		}
	}
	for key, row := range got {
		if _, ok := want[key]; !ok {
			differ = append(differ, key+" is "+row+", want none")
		}
	}
	slices.Sort(differ)
	t.Logf("%s: %d rows, %d differ", what, len(got), len(differ))
	if len(differ) > 0 {
		t.Errorf("%s: %d of %d differ:\n%s", what, len(differ), len(want), strings.Join(differ[:min(len(differ), 12)], "\n"))
	}
}

// redisKeeps is how long Redis has days, by the streams' time.
const redisKeeps = 72 * time.Hour

// checkRedis looks at the days of the platform and the stores that are still kept.
func (r *rig) checkRedis(t *testing.T, want *figures, facts []fact) {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: r.redis.Addr})
	defer func() { _ = client.Close() }()
	latest := slices.MaxFunc(facts, func(a, b fact) int { return cmp.Compare(a.at, b.at) }).at
	rows, got, worst := map[string]string{}, map[string]string{}, 0.0
	for _, key := range slices.Sorted(maps.Keys(want.days)) {
		part := strings.Split(key, "|")
		day, err := strconv.ParseInt(part[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if part[1] != "store" || time.UnixMilli(latest).Sub(time.Unix(day, 0)) > redisKeeps {
			continue
		}
		rows[key] = want.days[key]
		hash := dayKey(day, uuid.MustParse(part[2]))
		fields, err := client.HGetAll(t.Context(), hash).Result()
		if err != nil {
			t.Fatal(err)
		}
		var line []any
		for _, name := range []string{"views", "carts", "checkouts", "purchases", "units", "revenue"} {
			n, _ := strconv.ParseInt(fields[name], 10, 64) // what is not there is 0
			line = append(line, n)
		}
		got[key] = row(line...)
		worst = max(worst, visitorsError(t, client, hash, want.visitors[hash]))
	}
	agree(t, "Redis's days", rows, got)
	r.checkLive(t, client)
	t.Logf("distinct visitors are estimated with an error of at most %.2f %%", 100*worst)
}

// visitorsError is how far Redis's estimate is away from what it should be.
func visitorsError(t *testing.T, client *goredis.Client, hash string, want int) float64 {
	t.Helper()
	got, err := client.PFCount(t.Context(), hash+":visitors").Result()
	if err != nil {
		t.Fatal(err)
	}
	off := math.Abs(float64(got)-float64(want)) / float64(want)
	if off > 0.03 {
		t.Errorf("%s has %d visitors, want %d", hash, got, want)
	}
	return off
}
