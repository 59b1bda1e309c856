package warehousetest_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

func TestEmbedded(t *testing.T) {
	warehousetest.Run(t, localtest.Acquire(t).Warehouse())
}

// TestServer holds the suite against a server that is known by its address alone:
// the one of TIENDI_TEST_CLICKHOUSE, or a second engine that the test starts. The
// suite fails to log in on purpose, which a "clickhouse local" whose input is not a
// terminal does not survive.
func TestServer(t *testing.T) {
	cfg, given, err := serverFromEnv(os.Getenv("TIENDI_TEST_CLICKHOUSE"))
	if err != nil {
		t.Fatal(err)
	}
	if !given {
		cfg = secondEngine(t)
	}
	cfg.Local = false
	warehousetest.Run(t, cfg)
}

// serverFromEnv reads clickhouse://user:password@host:9000/?http=host:8123, or
// just host:9000.
func serverFromEnv(text string) (cfg warehouse.Config, given bool, err error) {
	if text == "" {
		return cfg, false, nil
	}
	if !strings.Contains(text, "://") {
		text = "clickhouse://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return cfg, false, err
	}
	cfg = warehouse.Config{Addrs: []string{u.Host}, HTTPAddr: u.Query().Get("http"), User: u.User.Username()}
	cfg.Password, _ = u.User.Password()
	if cfg.User == "" {
		cfg.User = "default"
	}
	if cfg.HTTPAddr == "" {
		cfg.HTTPAddr = u.Hostname() + ":8123"
	}
	return cfg, true, nil
}

func secondEngine(t *testing.T) warehouse.Config {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cache, err := embedded.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := embedded.Find(ctx, os.Getenv, cache)
	if err != nil {
		t.Fatal(err)
	}
	self, err := embedded.SelfCommand(local.EngineCommand)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log, err := embedded.OpenLog(filepath.Join(dir, "engine.log"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(dir, "engine"), Library: lib, Command: self, Log: log, Memory: 4e9})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.Stop(context.WithoutCancel(t.Context()))
		_ = log.Close()
	})
	return e.Config()
}
