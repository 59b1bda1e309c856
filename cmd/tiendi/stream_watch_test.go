package main

import (
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
)

// TestStreamWatch reads figures under the keys that docs/live-figures.md describes.
func TestStreamWatch(t *testing.T) {
	t.Parallel()
	const platform, store = "00000000-0000-0000-0000-000000000000", "5f0c1c1e-8a50-4cfa-b4c3-1f5d3c1d8e11"
	s, server := newShop(t), cachetest.New(t)
	redis := goredis.NewClient(&goredis.Options{Addr: server.Addr})
	t.Cleanup(func() { _ = redis.Close() })
	set := func(key string, values ...any) {
		t.Helper()
		if err := redis.HSet(t.Context(), key, values...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for day := range 3 { // whatever the day is where the marketplace is, and should it end
		date := time.Now().UTC().AddDate(0, 0, day-1).Format(time.DateOnly)
		set("tiendi:day:"+date+":"+platform, "views", 17051, "carts", 12, "purchases", 3, "revenue", 5944205)
		set("tiendi:day:"+date+":"+store, "views", 7)
	}
	set("tiendi:live:"+platform, "sessions", 1200)
	watch := func(more ...string) (string, error) {
		cmd := s.command(append([]string{"stream", "watch", "--quiet", "--for", "1s"}, more...)...)
		cmd.Env = append(cmd.Environ(), "TIENDI_REDIS_URL=redis://"+server.Addr)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, w := range []struct {
		arguments []string
		want      string
	}{
		{nil, "1,200 live sessions · 0 visitors · 17,051 views · 12 carts · 0 checkouts · 3 purchases · 59,442.05 USD\n"},
		{[]string{"--store", store}, "0 live sessions · 0 visitors · 7 views · 0 carts · 0 checkouts · 0 purchases · 0.00 USD\n"},
	} {
		if got, err := watch(w.arguments...); err != nil || got != w.want {
			t.Errorf("%q: %q, want %q (%v)", w.arguments, got, w.want, err)
		}
	}
	if got, err := watch("--store", "the corner shop"); err == nil || !strings.Contains(got, `--store: "the corner shop" is no UUID`) {
		t.Errorf("a store by its name: %q (%v)", got, err)
	}
	server.Kill()
	if got, err := watch(); err == nil || !strings.HasPrefix(got, "error: live figures from Redis: ") || strings.Count(got, "\n") != 1 {
		t.Errorf("without Redis: %q (%v)", got, err)
	}
}
