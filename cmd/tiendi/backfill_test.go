package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/chaos"
)

// preparedBackfill has twelve days of a marketplace, loaded and built.
var preparedBackfill = &preparedShop{database: "prepared_backfill", command: "tiendi init && " +
	"tiendi generate --from 2026-03-27 --to 2026-04-08 --stores 3 --users 60 --probe-interval 1h --history && tiendi load data && tiendi run"}

// backfillShop is a copy of preparedBackfill.
func backfillShop(t *testing.T) *shop {
	t.Helper()
	s := emptyShop(t)
	preparedBackfill.copyTo(t, s.dir, s.database)
	return s
}

// spoiled are the tables that a backfill rebuilds for a range, by the column of
// their event time.
var spoiled = map[string]string{
	"events_staging": "timestamp", "session_events": "timestamp", "sessions": "session_started_at",
	"store_sessions": "session_started_at", "product_sessions": "session_started_at", "orders_staging": "created_at",
	"api_mart": "date", "product_traffic": "date", "traffic_mart": "date", "user_days": "date",
}

// spoil takes rows out of the range and changes others, in every table that can be
// rebuilt for it.
func (s *shop) spoil(t *testing.T, from, to, zone string) {
	t.Helper()
	changed := map[string]string{"user_days": "web_events", "traffic_mart": "page_views", "product_traffic": "product_views", "sessions": "page_views", "api_mart": "requests"}
	for table, column := range spoiled {
		moment := "toDateTime64('%s 00:00:00', 3, '" + zone + "')"
		within := fmt.Sprintf("%s >= %s and %s < %s", column, fmt.Sprintf(moment, from), column, fmt.Sprintf(moment, to))
		s.exec(t, "alter table $db."+table+" delete where "+within+" and cityHash64(toString("+column+")) % 3 = 0 settings mutations_sync = 1")
		if c := changed[table]; c != "" {
			s.exec(t, "alter table $db."+table+" update "+c+" = "+c+" + 7 where "+within+" settings mutations_sync = 1")
		}
	}
}

// tables are the checksums of what models hold; the journal is no model.
func (s *shop) tables(t *testing.T) map[string]checksum {
	t.Helper()
	sums := s.checksums(t)
	delete(sums, "tiendi_jobs")
	return sums
}

// nothingTemporary wants no run to have left anything.
func (s *shop) nothingTemporary(t *testing.T) {
	t.Helper()
	left := s.query(t, fmt.Sprintf("select name from system.tables where database = '%s' and startsWith(name, '_tiendi_')", s.database))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestBackfill spoils a range of all tables and wants back what a full build gave,
// by each grain, in one zone and another, twice.
func TestBackfill(t *testing.T) {
	t.Parallel()
	for zone, ranges := range map[string][][]string{
		"UTC":              {{"2026-03-29", "2026-04-03", ""}, {"2026-03-01", "2026-04-01", "month"}},
		"America/Santiago": {{"2026-04-02", "2026-04-07", "day"}}, // the clock is set back at midnight on April 5
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			vars := "{timezone: " + zone + "}"
			s := backfillShop(t)
			s.run(t, "run", "--full-refresh", "--vars", vars)
			want := s.tables(t)
			for _, r := range ranges {
				args := []string{"backfill", "--vars", vars, "--from", r[0], "--to", r[1]}
				if r[2] != "" {
					args = append(args, "--grain", r[2])
				}
				s.spoil(t, r[0], r[1], zone)
				for range 2 {
					s.run(t, args...)
					sameTables(t, want, s.tables(t))
				}
			}
			s.nothingTemporary(t)
		})
	}
}

// TestBackfillFromNothing drops every model's table but the raw ones.
func TestBackfillFromNothing(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	want := s.tables(t)
	for name := range want {
		if !strings.HasSuffix(name, "_raw") && !strings.HasPrefix(name, "load_") {
			s.exec(t, "drop table $db."+name+" sync")
		}
	}
	s.run(t, "backfill", "--from", "2026-03-27", "--to", "2026-04-08")
	sameTables(t, want, s.tables(t))
}

// TestBackfillKilled kills a backfill ten times on its way, at random moments, while
// runs come in between, and wants it to end as one that was never killed.
func TestBackfillKilled(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	want := s.tables(t)
	rounds := chaos.Rounds(t, 1)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range rounds {
		s.spoil(t, "2026-03-28", "2026-04-06", "UTC")
		args := []string{"backfill", "--from", "2026-03-28", "--to", "2026-04-06", "--grain", "day", "--parallel", "1", "--resume"}
		begun := time.Now()
		for kill := range 10 {
			cmd := s.command(args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(200+random.IntN(900))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			if err := cmd.Wait(); err == nil {
				t.Logf("kill %d: it had ended", kill+1)
			}
			timer.Stop()
		}
		s.run(t, args...)
		t.Logf("round %d, seed %d: %s", round+1, seed, time.Since(begun))
		s.run(t, "run", "-s", "events") // sweeps what those left that were killed before they did anything
		sameTables(t, want, s.tables(t))
		s.nothingTemporary(t)
	}
}

// TestBackfillsAtOnce: of two of the same models one is refused and the other is
// right, with a run beside them.
func TestBackfillsAtOnce(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	want := s.tables(t)
	s.spoil(t, "2026-03-28", "2026-04-06", "UTC")
	first := make(chan outcome)
	go func() {
		first <- s.try(t, "backfill", "--from", "2026-03-28", "--to", "2026-04-06", "--grain", "day", "--parallel", "1")
	}()
	eventually(t, "the first to begin", func() bool {
		there := s.value(t, fmt.Sprintf("select toString(count()) as n from system.tables where database = '%s' and name = 'tiendi_jobs'", s.database))
		return there == "1" && s.value(t, "select toString(count()) as n from $db.tiendi_jobs where state = 'running'") == "1"
	})
	second := s.try(t, "backfill", "--from", "2026-03-29", "--to", "2026-03-30", "-s", "traffic_mart")
	if second.code != exitUsage || !strings.Contains(second.stderr, "another backfill") {
		t.Errorf("the second ended with %d: %s", second.code, second.stderr)
	}
	s.run(t, "run")
	if o := <-first; o.code != exitOK {
		t.Errorf("the first ended with %d: %s", o.code, o.stderr)
	}
	s.run(t, "run")
	sameTables(t, want, s.tables(t))
	s.nothingTemporary(t)
}

// TestBackfillCache rewrites days of Redis, whatever it held of them, and does so
// for the night's job, too.
func TestBackfillCache(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	socket := cachetest.Start(t)
	redis := goredis.NewClient(&goredis.Options{Network: "unix", Addr: socket})
	defer func() { _ = redis.Close() }()
	with := func(args ...string) outcome {
		t.Helper()
		cmd := s.command(args...)
		cmd.Env = append(cmd.Env, "TIENDI_REDIS_URL=unix://"+socket)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return outcome{stderr: string(out)}
	}
	const platform = "00000000-0000-0000-0000-000000000000"
	check := func(days ...string) {
		t.Helper()
		for _, day := range days {
			row := s.query(t, "select toString(views) as views, toString(purchases) as purchases, toString(toInt64(live_revenue * 100)) as revenue from $db.daily_figures"+
				" where dimensions = 'store' and store_id = toUUID('"+platform+"') and date = '"+day+"'")[0]
			for _, field := range []string{"views", "purchases", "revenue"} {
				got, err := redis.HGet(t.Context(), "tiendi:day:"+day+":"+platform, field).Result()
				if want := row.text(field); got != want || field == "views" && want == "0" {
					t.Errorf("%s %s: Redis has %q, the warehouse %q (%v)", day, field, got, want, err)
				}
			}
		}
	}
	with("backfill", "--from", "2026-04-06", "--to", "2026-04-08", "-s", "daily_figures", "--cache")
	check("2026-04-06", "2026-04-07")
	if err := redis.HSet(t.Context(), "tiendi:day:2026-04-06:"+platform, "views", 7).Err(); err != nil {
		t.Fatal(err)
	}
	with("etl", "--date", "2026-04-06", "--max-wait", "0")
	check("2026-04-06")
}

// TestBackfillFromArchive takes days of raw events away and gets them back from files,
// with what stands on them.
func TestBackfillFromArchive(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	tables := func() map[string]checksum {
		sums := s.checksums(t, clocks...)
		delete(sums, "tiendi_jobs")
		delete(sums, "load_history")
		return sums
	}
	want := tables()
	s.exec(t, "alter table $db.events_raw delete where toDate(timestamp) in ('2026-03-30', '2026-04-02') settings mutations_sync = 1")
	args := []string{"backfill", "--from", "2026-03-30", "--to", "2026-04-03", "--from-archive=data/events"}
	s.run(t, append(args, "--dry-run")...)
	if got := tables(); got["events_raw"] == want["events_raw"] {
		t.Error("a dry run brought events back")
	}
	for range 2 {
		s.run(t, args...)
		sameTables(t, want, tables())
	}
	if o := s.try(t, "backfill", "--from", "2026-03-30", "--to", "2026-04-03", "--from-archive=nowhere"); o.code != exitUsage || !strings.Contains(o.stderr, "no such folder") {
		t.Errorf("got %d: %s", o.code, o.stderr)
	}
}

func TestEachLine(t *testing.T) {
	var got []string
	each := func(line []byte) error {
		got = append(got, string(line))
		return nil
	}
	if err := eachLine(strings.NewReader("{}\n\n  {\"a\":1}\r\n"), each); err != nil || !slices.Equal(got, []string{"{}", `{"a":1}`}) {
		t.Errorf("%q, %v", got, err)
	}
	if err := eachLine(strings.NewReader(strings.Repeat("x", maxEventLine+1)), each); err == nil {
		t.Error("a line of any length is read")
	}
}
