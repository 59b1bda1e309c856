package event_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/generate"
)

// TestGeneratedEventsAreValid holds what `tiendi generate` writes against the
// schemas, of every type.
func TestGeneratedEventsAreValid(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	to := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	_, err := generate.Run(t.Context(), generate.Options{
		Out: dir, Seed: 7, From: to.AddDate(0, 0, -24), To: to, Events: 12_000, Stores: 40,
		ProbeInterval: time.Hour, Compression: generate.Plain,
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := event.NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "events", "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no event files: %v", err)
	}
	seen := map[event.Type]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			ev, rejection := r.Parse(bytes.TrimSpace(line), to)
			if rejection != nil {
				t.Fatalf("%v, of %s", rejection, line)
			}
			seen[ev.Type]++
			if again := append(event.AppendJSON(nil, &ev), '\n'); !bytes.Equal(again, line) {
				t.Fatalf("written again it is\n%sand not\n%s", again, line)
			}
		}
	}
	for _, typ := range event.Types() {
		if seen[typ] == 0 {
			t.Errorf("no %s was generated: make more", typ)
		}
	}
}
