package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackfillFromBadArchive has a file of the archive damaged, missing and there twice:
// nothing is brought back then, and everything once it is mended.
func TestBackfillFromBadArchive(t *testing.T) {
	t.Parallel()
	s, folder := archivedShop(t)
	url, stop := startCollector(t, s)
	for _, part := range [][][]byte{clicks(t)[:600], clicks(t)[600:1200]} {
		post(t, url, part, 100)
		s.run(t, "stream", "--once")
	}
	stop()
	want := s.value(t, "select toString(uniqExact(event_id)) as n from $db.events_raw")
	s.exec(t, "TRUNCATE TABLE $db.events_raw")
	first := firstFollowed(t, folder)
	whole, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, text []byte) {
		t.Helper()
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(path string) {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	// The same offsets under another hour.
	twin := strings.Replace(first, filepath.Base(filepath.Dir(first)), "hour=00", 1)
	if twin == first {
		twin = strings.Replace(first, "hour=00", "hour=01", 1)
	}
	backfill := []string{"backfill", "--from", "2019-10-01", "--to", "2019-10-02", "--from-archive", "-s", "events_staging"}
	for _, c := range []struct {
		what, says string
		spoil      func()
	}{
		{"damaged", "the file is damaged", func() {
			broken := bytes.Clone(whole)
			broken[len(broken)-20] ^= 0x55
			write(first, broken)
		}},
		{"cut off", "the file is damaged", func() { write(first, whole[:len(whole)-7]) }},
		{"missing", "the archive is not complete", func() { remove(first) }},
		{"doubled", "remove the copy", func() {
			if err := os.MkdirAll(filepath.Dir(twin), 0o755); err != nil {
				t.Fatal(err)
			}
			write(first, whole)
			write(twin, whole)
		}},
	} {
		c.spoil()
		o := s.try(t, backfill...)
		if o.code != exitFailed || !strings.Contains(o.stderr, c.says) || !strings.Contains(o.stderr, "tiendi archive verify") {
			t.Errorf("%s: exit code %d: %s", c.what, o.code, o.stderr)
		}
		if o := s.try(t, "archive", "verify"); o.code != exitFailed || !strings.Contains(o.stdout, filepath.Base(first)) && !strings.Contains(o.stdout, "are in no file") {
			t.Errorf("%s: archive verify: exit code %d: %s%s", c.what, o.code, o.stdout, o.stderr)
		}
	}
	remove(twin)
	s.run(t, "archive", "verify")
	s.run(t, append(backfill, "--resume")...)
	if got := s.value(t, "select toString(uniqExact(event_id)) as n from $db.events_raw"); got != want {
		t.Errorf("%s events are back, want %s", got, want)
	}
}

// firstFollowed is a file of events that another of its partition follows.
func firstFollowed(t *testing.T, folder string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "analytics.raw", "date=*", "hour=*", "*.zst"))
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		for _, later := range paths[i+1:] {
			if filepath.Base(later)[:4] == filepath.Base(path)[:4] {
				return path
			}
		}
	}
	t.Fatalf("no partition has two files: %v", paths)
	return ""
}
