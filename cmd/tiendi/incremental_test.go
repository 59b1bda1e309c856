package main

import (
	"bufio"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// TestIncremental loads a marketplace in three parts, its lines shuffled over
// them (old versions of orders after new ones, events weeks late, copies apart
// from their originals), and builds after each. What stands then is what a full
// refresh gives, to the last column, and what a shop that got all at once has.
func TestIncremental(t *testing.T) {
	t.Parallel()
	parts, whole := newShop(t), newShop(t)
	data := filepath.Join(whole.dir, "data")
	whole.run(t, "generate", "--out", data, "--days", "40", "--stores", "8", "--users", "300", "--probe-interval", "1h", "--history")
	for _, part := range shuffle(t, data, filepath.Join(parts.dir, "parts"), 3) {
		parts.run(t, "load", part)
		parts.run(t, "run")
	}
	built := parts.checksums(t)
	parts.run(t, "run", "--full-refresh")
	t.Run("FullRefresh", func(t *testing.T) { sameTables(t, built, parts.checksums(t)) })

	whole.run(t, "load", data)
	whole.run(t, "run")
	t.Run("AllAtOnce", func(t *testing.T) {
		// Copies of an event in two files are one row of raw, in one file two.
		inBoth := func(s *shop) map[string]checksum {
			sums := s.checksums(t, clocks...)
			maps.DeleteFunc(sums, func(name string, _ checksum) bool {
				return strings.HasPrefix(name, "load_") || name == "events_raw" || strings.HasPrefix(name, "daily_metrics_mv")
			})
			return sums
		}
		sameTables(t, inBoth(whole), inBoth(parts))
	})
}

// TestFullRefreshKeepsExpired takes events out of the raw layer: some as its TTL
// does, some as a person would. A full refresh loses the latter only.
func TestFullRefreshKeepsExpired(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	data := filepath.Join(s.dir, "data")
	s.run(t, "generate", "--out", data, "--from", "2019-01-01", "--to", "2019-01-05", "--stores", "3", "--users", "60", "--probe-interval", "1h")
	s.run(t, "load", data, "--allow-expired")
	s.run(t, "generate", "--out", data+"2", "--days", "3", "--stores", "3", "--users", "60", "--seed", "2", "--probe-interval", "1h")
	s.run(t, "load", data+"2")
	s.run(t, "run")
	before := s.checksums(t)
	s.run(t, "run", "--full-refresh")
	sameTables(t, before, s.checksums(t))
	const expired = "select sum(cityHash64(formatRow('TSV', *))) from $db.events_staging where timestamp < '2019-01-03'"
	const young = "select toString(min(timestamp)) from $db.events_staging where timestamp > '2020-01-01'"
	old, first := s.value(t, expired), s.value(t, young)
	for _, condition := range []string{"timestamp < '2019-01-03'", "timestamp = '" + first + "'"} {
		s.exec(t, "alter table $db.events_raw delete where "+condition+" settings mutations_sync = 1")
	}
	s.run(t, "run", "--full-refresh")
	if now := s.value(t, expired); now != old {
		t.Errorf("the hash of the expired events was %s, after the full refresh it is %s", old, now)
	}
	if now := s.value(t, young); now == first {
		t.Error("an event that was deleted, and had not expired, is still there")
	}
}

// exec runs a statement over the shop's database.
func (s *shop) exec(t testing.TB, sql string) {
	t.Helper()
	if _, err := s.engine.client.Exec(t.Context(), strings.ReplaceAll(sql, "$db", warehouse.Ident(s.database))); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// shuffle deals the lines of all files under a folder out to so many folders.
// Headers of tables go to each.
func shuffle(t *testing.T, from, to string, parts int) []string {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	files := map[string][]string{}
	for _, pattern := range []string{"marketplace/*.csv", "events/*.ndjson"} {
		names, err := filepath.Glob(filepath.Join(from, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s holds no %s: %v", from, pattern, err)
		}
		for _, name := range names {
			key := filepath.Base(name)
			if strings.HasSuffix(name, ".ndjson") {
				key = "events.ndjson"
			}
			files[key] = append(files[key], fileLines(t, name)...)
		}
	}
	folders := make([]string, parts)
	for i := range folders {
		folders[i] = filepath.Join(to, fmt.Sprint(i))
		if err := os.MkdirAll(folders[i], 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, lines := range files {
		header := ""
		if strings.HasSuffix(name, ".csv") {
			header, lines = lines[0]+"\n", lines[1:]
		}
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for i, folder := range folders {
			share := lines[i*len(lines)/parts : (i+1)*len(lines)/parts]
			if err := os.WriteFile(filepath.Join(folder, name), []byte(header+strings.Join(share, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return folders
}

func fileLines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var lines []string
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
