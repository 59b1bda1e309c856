package sessionize

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// clicks are the events of the public data set, each once, by time.
func clicks(t testing.TB) []record.Event {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "clicks", "events.ndjson"))
	if err != nil {
		t.Fatalf("the shared data beside the repository are missing: %v", err)
	}
	defer func() { _ = f.Close() }()
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[event.ID]bool{}
	var all []record.Event
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		e, refused := registry.Parse(slices.Clone(lines.Bytes()), time.Now())
		if refused != nil {
			t.Fatal(refused)
		}
		if !seen[e.EventID] {
			seen[e.EventID] = true
			all = append(all, record.Event{BaseEvent: e})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b record.Event) int { return a.Timestamp.Compare(b.Timestamp) })
	return all
}

// TestClicks folds real visits, up to two hours late.
func TestClicks(t *testing.T) {
	all := clicks(t)
	w := &world{rand.New(rand.NewPCG(1, 1)), shopOptions()}
	w.o.Lateness = 2 * time.Hour
	s, k := newSessionizer(t, w.o), newSink(t)
	for i, b := range w.batches(all, w.o.Lateness) {
		if s.Fold(&b, uint64(i)); i%50 == 0 {
			flush(t, s, k)
		}
	}
	flush(t, s, k)
	want := oracle(w.o, all)
	if len(want) != 5067 {
		t.Errorf("the oracle has %d sessions, want 5067", len(want))
	}
	k.compare(want)
	wantEmpty(t, s)
}
