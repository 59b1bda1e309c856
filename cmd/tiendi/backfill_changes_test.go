package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	changes "github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/chaos"
)

// archivedShop has a stream, and an archive in a folder.
func archivedShop(t testing.TB) (s *shop, folder string) {
	t.Helper()
	s, folder = newStreamShop(t), t.TempDir()
	profile := fmt.Sprintf("tiendi: {target: dev, outputs: {dev: {archive: {url: %q}}}}\n", "file://"+folder)
	if err := os.WriteFile(filepath.Join(s.dir, "profiles.yaml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, folder
}

// archivedTables are what an archive brings back: all but what the streams say of the
// present, and what is remembered of loads and jobs.
func (s *shop) archivedTables(t *testing.T) map[string]checksum {
	t.Helper()
	sums := s.checksums(t, clocks...)
	maps.DeleteFunc(sums, func(name string, _ checksum) bool {
		if strings.HasPrefix(name, "_tiendi_run_") {
			return true // a killed run's lease, which the server can make after the next run has looked for it
		}
		return strings.HasPrefix(name, "live_") || strings.HasPrefix(name, "load_") || name == "stream_applied_raw" || name == "tiendi_jobs"
	})
	return sums
}

// history puts all kinds of changes into the log, and takes them into warehouse and
// archive in several goes.
func (m *mirror) history(s *shop) {
	t := m.t
	t.Helper()
	m.snapshot(100)
	m.people()
	for round := range 3 {
		for range 80 {
			m.change()
		}
		switch round {
		case 0: // a value that does not fit, and a table that nobody knows
			id := orderID(5000)
			broken := m.row(id)
			broken[4] = "1.005"
			m.log(changes.Insert, changes.Version{LSN: m.lsn + 1, Sequence: 9}, id, broken)
			orders := m.relation
			m.relation = &changes.Relation{Schema: "public", Name: "coupons", Columns: []changes.Column{{Name: "id", Type: 2950, Key: true}}}
			m.log(changes.Insert, changes.Version{LSN: m.lsn + 1, Sequence: 10}, orderID(1), []string{orderID(1)})
			m.relation = orders
		case 1:
			m.truncate()
			for range 30 {
				m.change()
			}
			m.truncate()
			columns := append([]changes.Column{}, m.relation.Columns...) // a column is added
			m.relation = &changes.Relation{Schema: "public", Name: "orders", Columns: append(columns, changes.Column{Name: "note", Type: 25})}
			m.more = []string{"left at the door: ñ \\ \" \t"}
		case 2: // sent again, as after a kill
			id := orderID(7)
			m.rows[id] = m.row(id)
			m.lsn += 8
			for range 2 {
				m.log(changes.Update, changes.Version{LSN: m.lsn, Sequence: 1}, id, m.rows[id])
			}
		}
		m.send()
		s.try(t, "stream", "--once") // it fails where changes are set aside
	}
}

// TestChangesFromArchive loses the warehouse, or parts of it, and has the mirrored tables
// back: every version, deletion and truncate, and what stands on them.
func TestChangesFromArchive(t *testing.T) {
	t.Parallel()
	s, folder := archivedShop(t)
	s.run(t, "stream", "--once") // declares the topics
	m := newMirror(t, s)
	m.history(s)
	s.run(t, "run")
	want := s.archivedTables(t)
	if want["orders_raw"].rows == "0" || want["change_rejects"].rows != "2" || want["order_facts"].rows == "0" {
		t.Fatalf("there is too little to lose: %v", want)
	}
	backfill := []string{"backfill", "--from", "2026-11-01", "--to", "2026-11-02", "--from-archive"}
	for what, loss := range map[string]string{
		"the database": "DROP DATABASE $db SYNC", "rows": "ALTER TABLE $db.orders_raw DELETE WHERE cityHash64(id) % 3 = 0 SETTINGS mutations_sync = 2",
	} {
		s.exec(t, loss)
		o := s.try(t, backfill...)
		if o.code != exitOK || !strings.Contains(o.stderr, "2 database changes of the archive are set aside in change_rejects") || strings.Contains(o.stderr, "cdc --snapshot") {
			t.Errorf("%s: exit code %d: %s", what, o.code, o.stderr)
		}
		sameTables(t, want, s.archivedTables(t))
	}
	s.nothingTemporary(t)
	if o := s.run(t, append(backfill, "--dry-run")...); !strings.Contains(o.stdout, " changes ") {
		t.Errorf("the plan is %s", o.stdout)
	}
	m.killedRefill(s, want, backfill)
	m.chosenRefill(s, want)
	cutArchive(t, s, folder, backfill)
}

// killedRefill kills it on the way, some times, and goes on.
func (m *mirror) killedRefill(s *shop, want map[string]checksum, backfill []string) {
	t := m.t.(*testing.T)
	rounds := chaos.Rounds(t, 1)
	for range rounds {
		s.exec(t, "DROP DATABASE $db SYNC")
		for range 2 {
			cmd := s.command(append(backfill, "--resume")...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			killed := time.AfterFunc(rand.N(1500*time.Millisecond), func() { _ = cmd.Process.Kill() })
			_ = cmd.Wait()
			killed.Stop()
		}
		s.run(t, append(backfill, "--resume")...)
		sameTables(t, want, s.archivedTables(t))
	}
}

// chosenRefill leaves a raw table alone that is not selected.
func (m *mirror) chosenRefill(s *shop, want map[string]checksum) {
	t := m.t.(*testing.T)
	s.exec(t, "TRUNCATE TABLE $db.orders_raw")
	s.exec(t, "TRUNCATE TABLE $db.users_raw")
	s.run(t, "backfill", "--from", "2026-11-01", "--to", "2026-11-02", "--from-archive", "-s", "orders_raw")
	if sums := s.archivedTables(t); sums["orders_raw"] != want["orders_raw"] || sums["users_raw"].rows != "0" {
		t.Errorf("orders_raw has %+v, users_raw %+v", sums["orders_raw"], sums["users_raw"])
	}
}

// cutArchive removes the archive's beginning, as its retention does.
func cutArchive(t *testing.T, s *shop, folder string, backfill []string) {
	t.Helper()
	var first string
	err := filepath.WalkDir(filepath.Join(folder, changes.Topic), func(path string, d os.DirEntry, err error) error {
		if first == "" && strings.HasSuffix(path, ".zst") {
			first = path
		}
		return err
	})
	if err == nil {
		err = os.Remove(first)
	}
	if err != nil {
		t.Fatal(err)
	}
	if o := s.try(t, backfill...); o.code != exitFailed || !strings.Contains(o.stderr, "the archive is not complete") {
		t.Errorf("a file that somebody has removed: exit code %d: %s", o.code, o.stderr)
	}
	name := strings.TrimSuffix(filepath.Base(first), ".ndjson.zst")
	last, err := strconv.ParseUint(name[strings.LastIndex(name, "-")+1:], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	extents := filepath.Join(folder, changes.Topic, "partition="+name[:4]+".json")
	text, err := os.ReadFile(extents)
	if err == nil {
		text = regexp.MustCompile(`"from":\d+`).ReplaceAll(text, fmt.Appendf(nil, `"from":%d`, last+1))
		err = os.WriteFile(extents, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	o := s.try(t, backfill...)
	if o.code != exitOK || !strings.Contains(o.stderr, "go back to ") || !strings.Contains(o.stderr, "tiendi cdc --snapshot") {
		t.Errorf("exit code %d: %s", o.code, o.stderr)
	}
}

// BenchmarkChangesFromArchive brings 200,000 changes back into an empty raw table, beside
// the stream that brought them there first, and into the archive.
func BenchmarkChangesFromArchive(b *testing.B) {
	const total, each = 200_000, 1000
	s, _ := archivedShop(b)
	s.run(b, "stream", "--once")
	m := newMirror(b, s)
	for range total / each / mirrorPartitions {
		for i := range each * mirrorPartitions {
			m.lsn += 8
			id := orderID(m.random.IntN(50_000))
			m.log(changes.Update, changes.Version{LSN: m.lsn, Sequence: uint64(i)}, id, m.row(id))
		}
		m.send()
	}
	began := time.Now()
	s.run(b, "stream", "--once")
	streamed := time.Since(began)
	for b.Loop() {
		b.StopTimer()
		s.exec(b, "TRUNCATE TABLE $db.orders_raw")
		b.StartTimer()
		s.run(b, "backfill", "--from", "2026-11-01", "--to", "2026-11-02", "--from-archive", "-s", "orders_raw")
	}
	b.ReportMetric(float64(b.N)*total/b.Elapsed().Seconds(), "changes/s")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/streamed.Seconds(), "of-the-stream")
}

func TestBeginningOfArchive(t *testing.T) {
	file := func(partition int, log string, from uint64) archive.File {
		return archive.File{Partition: partition, Log: log, From: from, To: from + 10, Hour: time.Unix(1_790_000_000, 0).UTC().Truncate(time.Hour)}
	}
	for _, files := range [][]archive.File{nil, {file(0, "a", 0), file(0, "a", 10), file(1, "a", 1), file(0, "b", 0)}} {
		if note := beginning(files); note != "" {
			t.Error(note)
		}
	}
	if note := beginning([]archive.File{file(0, "a", 0), file(1, "a", 10)}); !strings.Contains(note, "tiendi cdc --snapshot") {
		t.Errorf("got %q", note)
	}
}
