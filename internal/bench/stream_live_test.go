package bench

import (
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// openSessions are those of PostgreSQL's rows, by store.
const openSessions = `SELECT store::text, count(DISTINCT session_id)::text || '|' FROM (
	SELECT session_id, unnest(store_ids || '00000000-0000-0000-0000-000000000000'::uuid) AS store FROM tiendi.live_sessions WHERE NOT closed AND NOT gone) t
GROUP BY store`

// checkLive wants Redis to count as many open sessions of each store as PostgreSQL has
// rows of.
func (r *rig) checkLive(t *testing.T, client *goredis.Client) {
	t.Helper()
	const prefix = "tiendi:live:"
	got := map[string]string{}
	keys, err := client.Keys(t.Context(), prefix+"*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		n, err := client.HGet(t.Context(), key, "sessions").Int64()
		if err != nil {
			t.Fatal(key, err)
		}
		got[strings.TrimPrefix(key, prefix)] = row(n)
	}
	agree(t, "Redis's live sessions", r.askPostgres(t, openSessions), got)
}
