package warehousetest_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
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
		cfg = warehousetest.NewMortal(t).Config()
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
