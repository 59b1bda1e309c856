package warehousetest

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

func wantPosition(t *testing.T, err error, line, col int) {
	t.Helper()
	var e *warehouse.Error
	if !errors.As(err, &e) {
		t.Errorf("%v is not a server error", err)
		return
	}
	if l, c, ok := e.Position(); !ok || l != line || c != col {
		t.Errorf("position %d:%d (%v), want %d:%d in %q", l, c, ok, line, col, e.Message)
	}
}

func testErrors(t *testing.T, c *warehouse.Client) {
	const id = "conformance-error"
	_, err := c.Exec(t.Context(), "SELECT * FROM no_such_table", warehouse.WithQueryID(id))
	var e *warehouse.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not a server error", err)
	}
	if e.Code != warehouse.CodeUnknownTable || e.Name != "UNKNOWN_TABLE" || e.QueryID != id {
		t.Errorf("error %+v", e)
	}
	if strings.Contains(e.Message, "DB::Exception") || strings.Contains(e.Message, "version") || !strings.Contains(e.Message, "no_such_table") {
		t.Errorf("message %q", e.Message)
	}
	_, err = c.Exec(t.Context(), "SELECT 1 +\n  FROM )")
	wantPosition(t, err, 2, 8)
	_, err = c.Exec(t.Context(), "SELEC 1")
	wantPosition(t, err, 1, 7)
	_, err = c.Exec(t.Context(), "SELECT throwIf(number = 5) FROM numbers(10)")
	if !warehouse.IsCode(err, 395) {
		t.Errorf("throwIf: %v", err)
	}
	testLateError(t, c)
}

// testLateError fails after rows have come: the rows must not look complete.
func testLateError(t *testing.T, c *warehouse.Client) {
	rows, err := c.Query(t.Context(), "SELECT number, throwIf(number = 3000) FROM numbers(5000)",
		warehouse.WithSettings(map[string]any{"max_block_size": 1000, "max_threads": 1}))
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
	}
	if err := rows.Close(); !warehouse.IsCode(err, 395) {
		t.Errorf("late error: %v", err)
	}
}

func testConnectErrors(t *testing.T, c *warehouse.Client) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := closed.Addr().String()
	_ = closed.Close()
	for name, tc := range map[string]struct {
		change func(*warehouse.Config)
		want   string
	}{
		"refused":  {func(cfg *warehouse.Config) { cfg.Addrs = []string{addr} }, "connection refused"},
		"password": {func(cfg *warehouse.Config) { cfg.Password += "x" }, "password is refused"},
		"database": {func(cfg *warehouse.Config) { cfg.Database = "no_such_db" }, `database "no_such_db" does not exist`},
		"no TLS":   {func(cfg *warehouse.Config) { cfg.Secure = true }, "TLS"},
		"HTTP":     {func(cfg *warehouse.Config) { cfg.Addrs = []string{cfg.HTTPAddr} }, "native"},
		"host":     {func(cfg *warehouse.Config) { cfg.Addrs = []string{"no-such-host.invalid:9000"} }, "host name"},
		"nothing":  {func(cfg *warehouse.Config) { cfg.Addrs = nil }, "no warehouse address"},
		"CA file":  {func(cfg *warehouse.Config) { cfg.Secure, cfg.CAFile = true, "no-such-file" }, "CA file"},
	} {
		cfg := c.Config()
		tc.change(&cfg)
		bad, err := warehouse.Open(t.Context(), cfg)
		if err == nil {
			_ = bad.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v should say %q", name, err, tc.want)
		}
		if err != nil && cfg.Password != "" && strings.Contains(err.Error(), cfg.Password) {
			t.Errorf("%s: the error shows the password", name)
		}
	}
	cfg := c.Config()
	cfg.Addrs = append([]string{addr}, cfg.Addrs...)
	second, err := warehouse.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("second address: %v", err)
	}
	_ = second.Close()
}
