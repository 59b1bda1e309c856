package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestBackfillFromFolder brings back an event whose time is written as load takes it, and
// the streams do not, out of a folder that is reached by a link.
func TestBackfillFromFolder(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	const id, moment = "0192e4f0-0000-7000-8000-00000000beef", "2026-03-30 10:00:00"
	line, _, _ := bytes.Cut(s.firstEvents(t), []byte("\n"))
	line = regexp.MustCompile(`"timestamp":"[^"]*"`).ReplaceAll(line, []byte(`"timestamp":"`+moment+`"`))
	line = regexp.MustCompile(`"event_id":"[^"]*"`).ReplaceAll(line, []byte(`"event_id":"`+id+`"`))
	more, link := filepath.Join(s.dir, "more"), filepath.Join(s.dir, "link")
	s.write(t, "more/events.ndjson", string(line)+"\n")
	if err := os.Symlink(more, link); err != nil {
		t.Fatal(err)
	}
	s.run(t, "load", "--table", "events", more)
	s.exec(t, "alter table $db.events_raw delete where event_id = '"+id+"' settings mutations_sync = 1")
	back := []string{"backfill", "--from", "2026-03-30", "--to", "2026-03-31", "-s", "events_staging", "--from-archive=" + link}
	for range 2 {
		s.run(t, back...)
		if got := s.value(t, "select concat(toString(count()), ' of ', toString(any(timestamp))) as n from $db.events_raw where event_id = '"+id+"'"); got != "1 of "+moment+".000" {
			t.Errorf("the table has %s", got)
		}
	}
	s.write(t, "more/events.ndjson", "")
	if err := os.Rename(filepath.Join(more, "events.ndjson"), filepath.Join(more, "events.txt")); err != nil {
		t.Fatal(err)
	}
	if o := s.try(t, back...); o.code != exitUsage || !strings.Contains(o.stderr, "no files of events") {
		t.Errorf("an empty folder: exit code %d: %s", o.code, o.stderr)
	}
}

// firstEvents is one of the files of events that were generated.
func (s *shop) firstEvents(t *testing.T) []byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.dir, "data", "events", "*.ndjson"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return text
}
