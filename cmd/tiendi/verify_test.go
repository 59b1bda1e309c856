package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/operate/verify"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// verification is what `tiendi verify --output json` prints.
type verification struct {
	Agree       bool
	Comparisons []verify.Finding
	Notes       []string
}

// differences are those found, as "from → to day figure: a, b".
func (v *verification) differences() (found []string) {
	for _, f := range v.Comparisons {
		for _, d := range f.Differences {
			found = append(found, f.From.Name+" → "+f.To.Name+" "+d.Day+" "+d.Figure)
		}
	}
	return found
}

func (s *shop) verify(t *testing.T, env []string, flags ...string) *verification {
	t.Helper()
	cmd := s.command(append([]string{"verify", "--from", "2026-01-01", "--to", "2026-01-31", "--max-wait", "0", "--output", "json"}, flags...)...)
	cmd.Env = append(cmd.Env, env...)
	var diagnostics bytes.Buffer
	cmd.Stderr = &diagnostics
	out, err := cmd.Output()
	var v verification
	if decoded := json.Unmarshal(out, &v); decoded != nil {
		t.Fatalf("%v: %s%s", err, out, &diagnostics)
	}
	if code := cmd.ProcessState.ExitCode(); code == 0 != v.Agree || code > 1 {
		t.Fatalf("exit code %d, agree %v", code, v.Agree)
	}
	return &v
}

// TestVerifyNamesDayAndLayer takes rows away, adds and changes some, in each layer.
func TestVerifyNamesDayAndLayer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.run(t, "generate", "--out", "data", "--from", "2026-01-01", "--to", "2026-01-31", "--users", "200", "--stores", "3", "--seed", "7")
	s.run(t, "load", "data")
	s.run(t, "run")
	if v := s.verify(t, nil); !v.Agree || len(v.Comparisons) != 15 {
		t.Fatalf("a shop just built: %v, %d comparisons", v.differences(), len(v.Comparisons))
	}
	const day = "toDate('2026-01-20')"
	order := s.value(t, "SELECT toString(min(id)) FROM $db.orders_staging WHERE toDate(created_at) = "+day+" AND status = 'ENTREGADO'")
	event := s.value(t, "SELECT toString(min(event_id)) FROM $db.events_staging WHERE toDate(timestamp) = "+day+" AND event_type = 'product_viewed'")
	for _, c := range []struct{ name, sql, undo, want string }{
		{
			"an event is lost by staging", "DELETE FROM $db.events_staging WHERE event_id = '" + event + "'",
			"INSERT INTO $db.events_staging SELECT * FROM $db.kept_events WHERE event_id = '" + event + "'",
			"events_raw → events_staging 2026-01-20 events", // and all marts of it, below
		},
		{
			"an event is lost by raw", "DELETE FROM $db.events_raw WHERE event_id = '" + event + "'", "",
			"events_raw → events_staging 2026-01-20 events",
		},
		{
			"an order of the mart is lost", "ALTER TABLE $db.sales_mart UPDATE gmv = gmv + 0.01 WHERE date = " + day, "ALTER TABLE $db.sales_mart UPDATE gmv = gmv - 0.01 WHERE date = " + day,
			"orders_staging → sales_mart 2026-01-20 gmv",
		},
		{
			"a day of a mart is lost", "ALTER TABLE $db.daily_metrics DELETE WHERE date = " + day, "",
			"orders_staging → daily_metrics 2026-01-20 delivered_gmv",
		},
		{
			"an order has other money", "ALTER TABLE $db.orders_staging UPDATE total = total + 1 WHERE id = '" + order + "'", "ALTER TABLE $db.orders_staging UPDATE total = total - 1 WHERE id = '" + order + "'",
			"orders_raw → orders_staging 2026-01-20 total",
		},
		{
			"an item is there twice", "INSERT INTO $db.order_items_staging SELECT * FROM $db.order_items_staging WHERE order_id = '" + order + "'", "",
			"order_items_raw → order_items_staging 2026-01-20 rows",
		},
	} {
		if c.name == "an event is lost by staging" {
			s.exec(t, "CREATE TABLE $db.kept_events ENGINE = Memory AS SELECT * FROM $db.events_staging")
		}
		s.tamper(t, c.sql)
		v := s.verify(t, nil)
		if !slices.Contains(v.differences(), c.want) {
			t.Errorf("%s: %q is not among\n%s", c.name, c.want, strings.Join(v.differences(), "\n"))
		}
		for _, d := range v.differences() {
			if !strings.Contains(d, "2026-01-20") {
				t.Errorf("%s: another day is named, too: %s", c.name, d)
			}
		}
		if c.undo != "" {
			s.tamper(t, c.undo)
		}
	}
	// What the advice says mends the marts.
	s.run(t, "run", "-s", "order_facts+")
	if v := s.verify(t, nil); slices.ContainsFunc(v.differences(), func(d string) bool { return strings.Contains(d, "sales_mart") }) {
		t.Errorf("after the advice: %v", v.differences())
	}
	o := s.try(t, "verify", "--from", "2026-01-01", "--to", "2026-01-31", "--max-wait", "0")
	for _, text := range []string{"differ from 2026-01-01 to 2026-01-31", "tiendi backfill --from 2026-01-20 --to 2026-01-21 -s events_staging+", "tiendi run --full-refresh -s order_items_staging+"} {
		if o.code != exitFailed || !strings.Contains(o.stderr, text) {
			t.Errorf("exit code %d, %q is not in %s", o.code, text, o.stderr)
		}
	}
}

// tamper changes the warehouse behind tiendi's back, and waits for it.
func (s *shop) tamper(t *testing.T, sql string) {
	t.Helper()
	if strings.HasPrefix(sql, "ALTER") {
		sql += " SETTINGS mutations_sync = 2"
	}
	s.exec(t, sql)
}

// TestVerifySource compares with the shop's database, while rows are on their way.
func TestVerifySource(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	url := postgrestest.Database(t)
	env := []string{"TIENDI_CDC_URL=" + url, "TIENDI_CDC_SLOT=verify_source", "TIENDI_POSTGRES_URL=" + postgrestest.Database(t)}
	run := func(args ...string) {
		t.Helper()
		cmd := s.command(args...)
		cmd.Env = append(cmd.Env, env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(t.Context()) }()
	exec := func(sql string) {
		t.Helper()
		if tag, err := db.Exec(t.Context(), sql); err != nil || tag.RowsAffected() != 1 {
			t.Fatalf("%s: %v, %v", sql, tag, err)
		}
	}
	ask := func(sql string) (text string) {
		t.Helper()
		if err := db.QueryRow(t.Context(), sql).Scan(&text); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return text
	}
	run("cdc", "init")
	run("generate", "--to", "postgres", "--from", "2026-01-01", "--to", "2026-01-31", "--users", "50")
	run("cdc", "--once")
	run("stream", "--once")
	run("run")
	if v := s.verify(t, env); !v.Agree || len(v.Comparisons) < 16 {
		t.Fatalf("just mirrored: %v, %d comparisons, %v", v.differences(), len(v.Comparisons), v.Notes)
	}
	const among = "created_at >= '2026-01-05Z' AND created_at < '2026-01-25Z'"
	changed := ask("SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM orders WHERE id = (SELECT min(id::text)::uuid FROM orders WHERE " + among + ")")
	exec("UPDATE orders SET total = total + 0.01 WHERE id = '" + ask("SELECT min(id::text) FROM orders WHERE "+among) + "'")
	day := ask("SELECT max(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')) FROM orders WHERE " + among)
	exec("DELETE FROM order_items WHERE id = (SELECT min(i.id::text)::uuid FROM order_items i JOIN orders o ON o.id = order_id WHERE (o.created_at AT TIME ZONE 'UTC')::date = '" + day + "')")
	want := []string{
		"orders → orders_raw " + changed + " total", "order_items → order_items_raw " + day + " rows", "order_items → order_items_raw " + day + " quantity",
		"order_items → order_items_raw " + day + " price", "order_items → order_items_raw " + day + " subtotal",
	}
	if v := s.verify(t, env); !slices.Equal(v.differences(), want) {
		t.Errorf("changes that were not mirrored: %q, want %q (%+v)", v.differences(), want, v.Comparisons)
	}
	// They arrive: what staging has not seen yet is no difference.
	run("cdc", "--once")
	run("stream", "--once")
	if got := s.verify(t, env).differences(); len(got) > 0 {
		t.Errorf("changes that have just arrived: %q", got)
	}
	run("run")
	if got := s.verify(t, env).differences(); len(got) > 0 {
		t.Errorf("built: %q", got)
	}
	run("cdc", "drop")
	cmd := s.command("verify")
	cmd.Env = append(cmd.Env, "TIENDI_CDC_URL=postgres://me:hunter2@127.0.0.1:1/shop")
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != exitUsage || strings.Contains(string(out), "hunter2") || !strings.Contains(string(out), "connect to the source database") {
		t.Errorf("no source: %s", out)
	}
}
