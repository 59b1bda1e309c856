package local_test

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/local"
)

// TestCache wants a Redis that strangers cannot use, and that ends with the
// services.
func TestCache(t *testing.T) {
	o := options(t)
	l := acquire(t, o)
	config, err := goredis.ParseURL(l.Redis())
	if err != nil {
		t.Fatalf("%q: %v", l.Redis(), err)
	}
	ours := goredis.NewClient(config)
	defer func() { _ = ours.Close() }()
	if err := ours.Set(t.Context(), "a", "b", 0).Err(); err != nil {
		t.Fatal(err)
	}
	stranger := goredis.NewClient(&goredis.Options{Addr: config.Addr})
	defer func() { _ = stranger.Close() }()
	if err := stranger.Get(t.Context(), "a").Err(); err == nil || err == goredis.Nil {
		t.Errorf("without the password: %v", err)
	}
	if st := status(t, o).Services[2]; st.Name != "cache" || !st.Running || st.Address != config.Addr {
		t.Errorf("status %+v", st)
	}
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Fatal(err)
	}
	if err := ours.Ping(t.Context()).Err(); err == nil {
		t.Error("the cache outlives the services")
	}
}
