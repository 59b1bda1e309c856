package verify

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse"
)

func TestMain(m *testing.M) { localtest.Main(m) }

var update = flag.Bool("update", false, "write the golden files anew")

func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// full is a marketplace with everything there is.
func full(t *testing.T) *Shape {
	t.Helper()
	zone, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	s := &Shape{
		From: midnight(2026, 1, 1, zone), To: midnight(2026, 2, 1, zone), Zone: zone, Begins: midnight,
		Now:       time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC),
		Relations: map[string]string{}, Source: map[string]SourceTable{}, AsOf: 26738888,
		Archive:   &Archived{Table: "`db`.`ids`", Began: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)},
		Cancelled: []string{"CANCELADO"}, Sold: []string{"ENTREGADO"}, TTLYears: 2,
	}
	for _, model := range []string{"events_raw", "events_staging", "traffic_mart", "product_traffic", "user_days", "api_mart", "sales_mart", "daily_metrics", "product_mart", "product_metrics"} {
		s.Relations[model] = "`db`.`" + model + "`"
	}
	for i := range shopTables {
		table := &shopTables[i]
		for _, model := range []string{table.raw(), table.staging()} {
			s.Relations[model] = "`db`.`" + model + "`"
		}
		columns := map[string]string{"id": "uuid", table.moment(): "timestamp with time zone"}
		for _, sum := range table.sums {
			columns[sum] = "numeric"
		}
		s.Source[table.name] = SourceTable{"public", table.name, columns}
	}
	return s
}

// TestPlan holds all queries against a golden file.
func TestPlan(t *testing.T) {
	checks, notes := Plan(full(t), nil)
	if len(notes) > 0 {
		t.Errorf("notes: %q", notes)
	}
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "-- %s: %s %s → %s %s: %s\n-- %s\n", c.Table, c.From.Layer, c.From.Name, c.To.Layer, c.To.Name, strings.Join(c.Figures, ", "), c.Advice)
		for _, q := range c.Queries {
			fmt.Fprintf(&b, "%s;\n", q.SQL)
		}
		b.WriteString("\n")
	}
	path := filepath.Join("testdata", "plan.sql")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || b.String() != string(want) {
		t.Errorf("the plan is not that of %s (%v); look at it, and accept it by -update:\n%s", path, err, b.String())
	}
}

// TestPlanLeavesOut plans for what is there only.
func TestPlanLeavesOut(t *testing.T) {
	s := full(t)
	delete(s.Relations, "traffic_mart")
	s.Source["orders"] = SourceTable{"public", "orders", map[string]string{"id": "uuid", "created_at": "text", "total": "text"}}
	s.Archive = nil
	s.From = midnight(2023, 1, 1, s.Zone)
	checks, notes := Plan(s, []string{"events", "orders"})
	for _, c := range checks {
		if c.From.Layer == Archive || c.From.Layer == Source || c.To.Name == "traffic_mart" || c.Table == "users" {
			t.Errorf("%v is compared with %v", c.From, c.To)
		}
	}
	said := strings.Join(notes, "\n")
	for _, want := range []string{"traffic_mart is not there", "the source's orders has no day", "raw events before 2024-02-03 expire"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in %q", want, said)
		}
	}
	if err := CheckTables([]string{"order"}); err == nil || !strings.Contains(err.Error(), "orders") {
		t.Errorf("a wrong name: %v", err)
	}
}

func TestCompare(t *testing.T) {
	c := &Check{Figures: []string{"rows", "total"}, Advice: "rebuild {from} to {to}"}
	from, to := days{}, days{}
	for day, row := range map[string][2]string{"2026-01-01": {"1", "12.30"}, "2026-01-02": {"2", "5"}, "2026-01-31": {"1", "0.1"}} {
		if err := from.add([]string{day, row[0], row[1]}); err != nil {
			t.Fatal(err)
		}
	}
	for day, row := range map[string][2]string{"2026-01-01": {"1", "12.3"}, "2026-01-02": {"2", "5.01"}, "2026-01-03": {"0", "0"}} {
		if err := to.add([]string{day, row[0], row[1]}); err != nil {
			t.Fatal(err)
		}
	}
	f := compare(c, from, to)
	want := []Difference{{"2026-01-02", "total", "5", "5.01"}, {"2026-01-31", "rows", "1", "0"}, {"2026-01-31", "total", "0.1", "0"}}
	if fmt.Sprint(f.Differences) != fmt.Sprint(want) || f.Advice != "rebuild 2026-01-02 to 2026-02-01" || f.Days != 4 {
		t.Errorf("%+v", f)
	}
	f.both(c, &Finding{Differences: want[:1]})
	if len(f.Differences) != 1 || f.Advice != "rebuild 2026-01-02 to 2026-01-03" {
		t.Errorf("seen twice: %+v", f)
	}
	if err := from.add([]string{"2026-01-01", "many"}); err == nil {
		t.Error("a figure that is no number")
	}
}

func TestParseRange(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ from, to, want string }{
		{"", "", "2026-01-30 2026-03-01"},
		{"2026-01-01", "", "2026-01-01 2026-03-01"},
		{"", "2026-02-01", "2026-01-02 2026-02-01"},
		{"2026-02-27", "2036-01-01", "2026-02-27 2026-03-02"},
		{"2026-02-01", "2026-02-01", "error"},
		{"2026-05-01", "2026-06-01", "error"},
		{"yesterday", "", "error"},
		{"1960-01-01", "", "error"},
	} {
		from, to, err := ParseRange(c.from, c.to, time.UTC, now, midnight)
		got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%s to %s is %s (%v), want %s", c.from, c.to, got, err, c.want)
		}
	}
}

// TestArchive compares an archive with a raw table: what is missing on either side is
// named, and what may be on its way is not.
func TestArchive(t *testing.T) {
	client, err := warehouse.Open(t.Context(), localtest.Acquire(t).Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	database := "verify_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	exec := func(sql string) {
		t.Helper()
		if _, err := client.Exec(context.WithoutCancel(t.Context()), strings.ReplaceAll(sql, "$db", database)); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE DATABASE $db")
	t.Cleanup(func() { exec("DROP DATABASE $db SYNC"); _ = client.Close() })
	exec("CREATE TABLE $db.events_raw (event_id UUID, event_type String, timestamp DateTime64(3, 'UTC'), _batch String, _position UInt64, ingested_at DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY event_id")
	now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	kept := archive.New(folder.New(t.TempDir()), "", 0)
	write := func(from uint64, began time.Time, lines ...string) {
		t.Helper()
		part := archive.NewPart(record.TopicRaw)
		if err := part.Add([]byte(strings.Join(lines, "\n"))); err != nil {
			t.Fatal(err)
		}
		if err := kept.Write(t.Context(), archive.Span{Topic: record.TopicRaw, Log: "log", From: from, To: from + 1, Began: began}, part); err != nil {
			t.Fatal(err)
		}
	}
	id := func(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
	line := func(n int, day string) string {
		return fmt.Sprintf(`{"event_id":"%s","event_type":"page_view","timestamp":"%sT10:00:00Z","properties":{"n":%d}}`, id(n), day, n)
	}
	raw := func(n int, day, batch string, arrived time.Time) {
		exec(fmt.Sprintf("INSERT INTO $db.events_raw VALUES ('%s', 'page_view', '%s 10:00:00', '%s', 0, '%s')", id(n), day, batch, arrived.Format("2006-01-02 15:04:05")))
	}
	write(0, now.Add(-72*time.Hour), line(1, "2026-01-07"), line(2, "2026-01-07"), line(2, "2026-01-07"), line(3, "2026-01-08"))
	write(1, now.Add(-5*time.Minute), line(4, "2026-01-08"), line(5, "2026-01-09"))
	long := now.Add(-48 * time.Hour)
	raw(1, "2026-01-07", "stream/a", long)
	raw(1, "2026-01-07", "stream/a", long) // twice
	raw(2, "2026-01-07", "stream/a", long)
	raw(5, "2026-01-09", "stream/a", now.Add(-4*time.Minute))
	raw(6, "2026-01-09", "stream/a", now.Add(-4*time.Minute)) // not yet in a file
	raw(7, "2026-01-09", "load-1", long)                      // came by another way
	raw(8, "2026-01-06", "stream/a", long.AddDate(-1, 0, 0))  // before there was an archive
	options := Options{
		Shape: Shape{
			From: now.AddDate(0, 0, -8).Truncate(24 * time.Hour), To: now.Truncate(24 * time.Hour), Zone: time.UTC, Now: now, Begins: midnight,
			Relations: map[string]string{"events_raw": database + ".events_raw"},
		},
		Tables: []string{"events"}, Warehouse: client, Database: database, Archive: kept,
	}
	check := func(name string, want ...Difference) {
		t.Helper()
		result, err := Run(t.Context(), options)
		if err != nil || len(result.Findings) != 1 || fmt.Sprint(result.Findings[0].Differences) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, %v; want %v", name, result, err, want)
		}
		rows, err := client.Query(t.Context(), "SELECT name FROM system.tables WHERE database = '"+database+"' AND name != 'events_raw'")
		if err != nil {
			t.Fatal(err)
		}
		if rows.Next() {
			t.Errorf("%s: it leaves a table", name)
		}
		_ = rows.Close()
	}
	check("one is not in raw", Difference{"2026-01-08", "events", "1", "0"})
	raw(3, "2026-01-08", "stream/a", long)
	check("all are there")
	raw(9, "2026-01-06", "stream/a", long)
	check("one is not in the archive", Difference{"2026-01-06", "events", "0", "1"})
	options.Archive = archive.New(folder.New(t.TempDir()), "", 0)
	if result, err := Run(t.Context(), options); err != nil || len(result.Findings) != 0 || len(result.Notes) == 0 {
		t.Errorf("an empty archive: %+v, %v", result, err)
	}
}
