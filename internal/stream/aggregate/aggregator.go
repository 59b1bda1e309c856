package aggregate

import (
	"math"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// Options say what counts, and when.
type Options struct {
	Lateness time.Duration // the watermark's distance from the latest event
	Keep     time.Duration // how long after its end a window still takes late events
	Location *time.Location
	Web      func(event.Type) bool
	// Most is how many windows of a grain are held that still take events, 0 for any
	// number. It must not change while there is state: values would be others.
	Most int
}

// Aggregator holds the windows of one partition. It is not safe for concurrent use.
type Aggregator struct {
	options Options
	state
	at       time.Time // the enricher's clock
	slot     int64     // of at, with the last Flush
	current  [grains]*period
	visit    visit
	sketches []byte // of a flush
}

const grains = int(record.Day) + 1

// state is what a snapshot holds.
type state struct {
	clock   record.Clock
	periods [grains][]*period // in the order of time
	late    [grains]uint64
	rooms   [grains]*room
}

func newState(o *Options) (s state) {
	for g := range s.rooms {
		s.rooms[g] = &room{most: o.Most}
	}
	return s
}

// New gives an Aggregator that has seen nothing.
func New(o Options) *Aggregator { return &Aggregator{options: o, state: newState(&o)} }

// Watermark is the time below which no more events are waited for; the zero time
// before anything came.
func (a *Aggregator) Watermark() time.Time { return a.clock.Watermark(a.options.Lateness) }

// closed is the time in Unix milliseconds; windows that end before it take nothing.
func (a *Aggregator) closed() int64 {
	w := a.Watermark()
	if w.IsZero() {
		return math.MinInt64
	}
	return w.Add(-a.options.Keep).UnixMilli()
}

// Fold takes a batch. Revision is its offset in the enriched log.
func (a *Aggregator) Fold(b *record.Batch, revision uint64) {
	closed := a.closed()
	a.retire(closed)
	for i := range b.Events {
		e := &b.Events[i]
		if e.Unsettled || e.Bot || !a.options.Web(e.Type) {
			continue
		}
		a.visit.read(e)
		a.count(e.Timestamp, closed, revision)
	}
	a.clock.Fold(b)
	a.at = b.At
}

// count adds the visit to the windows of its time.
func (a *Aggregator) count(t time.Time, closed int64, revision uint64) {
	ms := t.UnixMilli()
	for g := range a.current {
		p := a.current[g]
		if p == nil || ms < p.start || ms >= p.end {
			if p = a.period(record.Grain(g), ms, closed); p != nil {
				a.current[g] = p
			}
		}
		if p == nil || p.end < closed {
			a.late[g]++
			continue
		}
		p.add(&a.visit, revision)
	}
}

// Stats are for a worker's metrics.
type Stats struct {
	Windows     int    // held
	Unsent      int    // of them, with something that was not sent
	LateMinutes uint64 // events that were too late for their minute
	LateDays    uint64 // events that were too late for their day
	Other       uint64 // windows that there was no room for, since the process began
}

// Stats counts what is held now and what was too late so far.
func (a *Aggregator) Stats() Stats {
	s := Stats{LateMinutes: a.late[record.Minute], LateDays: a.late[record.Day], Other: a.Other()}
	for _, periods := range a.periods {
		for _, p := range periods {
			s.Windows += int(p.cells.count)
			s.Unsent += len(p.unsent) + len(p.slow)
		}
	}
	return s
}

// visitor is the hash of who caused the event.
func visitor(e *record.Event) uint64 {
	var text [36]byte
	id := e.UserID
	if id.IsZero() {
		id = e.SessionID
	}
	return sketch.Hash(event.AppendID(text[:0], id))
}
