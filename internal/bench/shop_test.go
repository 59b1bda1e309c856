package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// firstDay of every generated marketplace: long enough ago that growing it by a
// day in each round never comes to today.
var firstDay = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// shop is the marketplace project over generated data that grow.
type shop struct {
	program
	server *warehouse.Config // nil: the embedded engine
	days   int
}

// openShop makes a marketplace on the embedded engine, or on server, and
// builds it.
func openShop(t testing.TB, server *warehouse.Config) *shop {
	t.Helper()
	s := newShop(t, server)
	if server == nil {
		t.Cleanup(func() { s.down(t) })
	}
	s.days = 1
	s.grow(t)
	s.run(t, "run")
	return s
}

// newShop writes the project and its profile.
func newShop(t testing.TB, server *warehouse.Config) *shop {
	t.Helper()
	s := &shop{program: newProgram(t), server: server}
	t.Cleanup(func() { s.tellLogs(t) })
	s.run(t, "init")
	place := "type: embedded"
	if server != nil {
		place = fmt.Sprintf("type: clickhouse, addresses: [%q], http_address: %q, user: %q, password: %q",
			server.Addrs[0], server.HTTPAddr, server.User, server.Password)
	}
	s.write(t, "profiles.yaml", fmt.Sprintf("tiendi: {target: dev, outputs: {dev: {threads: %d, warehouse: {%s, database: shop}}}}\n", threads, place))
	return s
}

// tellLogs prints what the local services wrote, if the test failed.
func (s *shop) tellLogs(t testing.TB) {
	if !t.Failed() {
		return
	}
	for _, name := range []string{"supervisor.log", "engine.log"} {
		if text, err := os.ReadFile(filepath.Join(s.state, name)); err == nil {
			t.Logf("%s:\n%s", name, text[max(0, len(text)-8000):])
		}
	}
}

// grow generates and loads one day more.
func (s *shop) grow(t testing.TB) {
	t.Helper()
	s.days++
	const layout = time.DateOnly
	s.run(t, "generate", "--out", "data", "--from", firstDay.Format(layout), "--to", firstDay.AddDate(0, 0, s.days).Format(layout),
		"--users", "60", "--probe-interval", "1h")
	s.run(t, "load", "data", "--allow-expired")
}

// look gives a client, over a lease of its own where the engine is embedded,
// since a new supervisor may have another address.
func (s *shop) look(t testing.TB, f func(c *warehouse.Client)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var at warehouse.Config
	if s.server != nil {
		at = *s.server
	} else {
		lease, err := local.Acquire(ctx, s.localOptions())
		if err != nil {
			t.Fatal(err)
		}
		defer lease.Release()
		at = lease.Warehouse()
	}
	at.Database = "shop"
	c, err := warehouse.Open(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	f(c)
}
