package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// The crowd is a generated marketplace's, so that sizes, kinds, stores and visits are
// a shop's: its events are sent again and again, as those of other visits each time.
const (
	crowdEvents  = 80_000
	crowdDays    = 2 // that these are of
	crowdStores  = 300
	crowdFeeders = 32 // connections
	eventsOfBody = 250
)

// crowdBots is the project's var bot_user_agents.
const crowdBots = `(?i)bot\b|crawler|spider|slurp|headless|lighthouse|python-requests|curl/`

// newCrowd gives each feeder its part of the visits, as bodies of requests.
func newCrowd(b *testing.B) *crowd {
	b.Helper()
	p := newProgram(b)
	p.run(b, "generate", "--out", "crowd", "--days", strconv.Itoa(crowdDays), "--events", strconv.Itoa(crowdEvents),
		"--stores", strconv.Itoa(crowdStores), "--probe-interval", "0", "-q")
	files, err := filepath.Glob(filepath.Join(p.project, "crowd", "events", "*.ndjson"))
	if err != nil || len(files) == 0 {
		b.Fatal("no events were generated", err)
	}
	var parts [crowdFeeders]script
	owner, steps, seen := map[event.ID]int{}, map[event.ID]uint64{}, map[event.ID]bool{}
	readLines(b, files, func(line []byte, ev *event.BaseEvent) {
		if seen[ev.EventID] {
			return // a repetition
		}
		seen[ev.EventID] = true
		line = widen(line)
		feeder, known := owner[ev.SessionID]
		if !known {
			feeder = len(owner) % crowdFeeders
			owner[ev.SessionID] = feeder
		}
		parts[feeder].add(newPage(line, ev, steps[ev.SessionID]), line, ev)
		steps[ev.SessionID]++
	})
	c := &crowd{}
	for i := range parts {
		c.feeders = append(c.feeders, &feeder{crowd: c, bodies: parts[i].bodies})
	}
	return c
}

// readLines goes through all events but those of programs, which figures leave out.
func readLines(b *testing.B, files []string, f func([]byte, *event.BaseEvent)) {
	b.Helper()
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		b.Fatal(err)
	}
	enricher, err := enrich.New(enrich.Options{Bots: crowdBots})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = enricher.Close() }()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			ev, refused := registry.Parse(bytes.TrimSpace(line), time.Now())
			if refused != nil {
				b.Fatalf("%v: %s", refused, line)
			}
			if !enricher.Enrich(&ev).Bot {
				f(line, &ev)
			}
		}
	}
}

// script are a feeder's bodies, in the order of the events.
type script struct{ bodies []*body }

func (s *script) add(p page, line []byte, ev *event.BaseEvent) {
	if n := len(s.bodies); n == 0 || len(s.bodies[n-1].pages) == eventsOfBody {
		s.bodies = append(s.bodies, &body{})
	}
	b := s.bodies[len(s.bodies)-1]
	b.pages = append(b.pages, p.behind(len(b.text)))
	b.text = append(b.text, line...)
	if web[ev.Type] {
		b.web++
		if p.step == 0 {
			b.starts++
		}
	}
	if counting[ev.Type] {
		b.counted++
	}
}

// web and counting say which kinds make sessions, and which ones live figures count.
var web, counting = map[event.Type]bool{}, map[event.Type]bool{
	event.ProductViewed: true, event.AddToCart: true, event.CheckoutStarted: true, event.PurchaseCompleted: true,
}

func init() {
	for _, t := range event.WebTypes() {
		web[t] = true
	}
}

// widen makes the timestamp one with all its digits, so that any other fits in its place.
func widen(line []byte) []byte {
	key := []byte(`"timestamp":"`)
	from := bytes.Index(line, key) + len(key)
	to := from + bytes.IndexByte(line[from:], '"')
	return slices.Concat(line[:from], []byte(timeLayout), line[to:])
}

// newPage finds what is written anew each time.
func newPage(line []byte, ev *event.BaseEvent, step uint64) page {
	find := func(key string) int {
		i := bytes.Index(line, []byte(`"`+key+`":"`))
		if i < 0 {
			return -1
		}
		return i + len(key) + len(`"":"`)
	}
	return page{
		step:  step,
		event: place{find("event_id"), uuid.UUID(ev.EventID)}, session: place{find("session_id"), uuid.UUID(ev.SessionID)},
		user: place{find("user_id"), uuid.UUID(ev.UserID)}, view: place{find("page_view_id"), uuid.UUID(ev.Context.PageViewID)},
		at: find("timestamp"),
	}
}
