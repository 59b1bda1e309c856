package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// BenchmarkGenerate measures how fast a million events are made and written.
func BenchmarkGenerate(b *testing.B) {
	s := newShop(b, nil)
	for b.Loop() {
		var rates []float64
		for range 3 {
			took, events := s.generate(b, 1_000_000)
			rates = append(rates, float64(events)/took.Seconds())
		}
		scores.atLeast(b, median(rates), 300_000, "events/s", "")
	}
}

// generate makes a marketplace of about so many events and says how many there
// are; events are sent twice now and then.
func (s *shop) generate(b *testing.B, events int) (time.Duration, int64) {
	b.Helper()
	o := s.run(b, "generate", "--out", "data", "--events", strconv.Itoa(events), "-q")
	text, err := os.ReadFile(filepath.Join(s.project, "data", "ledger.json"))
	if err != nil {
		b.Fatal(err)
	}
	var ledger struct {
		Events struct {
			Lines int64 `json:"lines"`
		} `json:"events"`
	}
	if err := json.Unmarshal(text, &ledger); err != nil {
		b.Fatal(err)
	}
	if ledger.Events.Lines < int64(events)/2 {
		b.Fatalf("the ledger tells of %d events only", ledger.Events.Lines)
	}
	return o.wall, ledger.Events.Lines
}
