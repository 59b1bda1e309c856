package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// TestCDCRuns has a mirroring with its state in PostgreSQL and its log in the local
// broker: it says how it is doing, takes changes, is killed, and drains in the end.
func TestCDCRuns(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	url, state := postgrestest.Database(t), postgrestest.Database(t)
	on := func(args ...string) *exec.Cmd {
		cmd := s.command(args...)
		cmd.Env = append(cmd.Environ(), "TIENDI_CDC_URL="+url, "TIENDI_CDC_SLOT=cdc_runs", "TIENDI_CDC_TABLES=t", "TIENDI_POSTGRES_URL="+state)
		return cmd
	}
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	exec := func(sql string) {
		t.Helper()
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE t (id int PRIMARY KEY, v text)")
	exec("INSERT INTO t SELECT n, n FROM generate_series(1, 500) n")

	first := on("cdc", "--listen", "127.0.0.1:0")
	health := startServer(t, first)
	awaitText(t, health+"/readyz", "ok")
	awaitText(t, health+"/metrics", `tiendi_cdc_changes_total{op="read",table="public.t"} 500`)
	exec("UPDATE t SET v = 'x' WHERE id <= 100")
	awaitText(t, health+"/metrics", `tiendi_cdc_changes_total{op="update",table="public.t"} 100`)
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	exec("DELETE FROM t WHERE id <= 50")

	second := on("cdc", "--listen", "127.0.0.1:0")
	health = startServer(t, second)
	awaitText(t, health+"/metrics", `tiendi_cdc_changes_total{op="delete",table="public.t"} 50`)
	if text := fetch(health + "/metrics"); strings.Contains(text, `op="read"`) {
		t.Errorf("a second process took the snapshot again:\n%s", text)
	}
	if out, err := on("cdc", "status").CombinedOutput(); err != nil || !strings.Contains(string(out), "cdc_runs, in use") {
		t.Errorf("status: %v\n%s", err, out)
	}
	if out, err := on("cdc", "drop").CombinedOutput(); err == nil || !strings.Contains(string(out), "another tiendi cdc works on slot cdc_runs") {
		t.Errorf("drop of a slot in use: %v\n%s", err, out)
	}
	terminate(t, second)
	out, err := on("cdc", "--once").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "snapshot rows 0, changes 0") {
		t.Errorf("after the drain: %v\n%s", err, out)
	}
	if out, err := on("cdc", "drop").CombinedOutput(); err != nil {
		t.Errorf("drop: %v\n%s", err, out)
	}
}

// awaitText waits until a page has a text.
func awaitText(t *testing.T, url, want string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if strings.Contains(fetch(url), want) {
			return
		}
	}
	t.Fatalf("%s does not come to say %q:\n%s", url, want, fetch(url))
}

func fetch(url string) string {
	response, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK {
		return response.Status
	}
	return string(text)
}
