package sessionize

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// Sessionizer folds the batches of one partition into sessions. It is not safe for
// use by several goroutines.
type Sessionizer struct {
	options   Options
	rules     *rules
	clock     record.Clock
	watermark int64 // after the last batch, in milliseconds
	names     names
	visitors  visitors
	fronts    map[slot]*front
	live      live
	wheel     wheel
	events    int
	tooLate   uint64

	now     int64            // the enricher's clock, in milliseconds
	ready   []slot           // what the next flush publishes; others may be among them
	ripest  int64            // none of the others that have changed is ready before
	settled []record.Session // since the last flush, Closed or Gone

	// Used again and again.
	arrived     []arrival
	guests      []guest
	looked      []slot
	touched     uint64 // what touch read, so that it is read
	held, fresh []held
	telling     bool // people wait for what is in fresh
	pieces      []piece
	before      []int64
	summary     summary
	text        []byte
	basket      event.Basket
}

// arrival is an event of a batch, with what batches are sorted by.
type arrival struct {
	high, low uint64 // of the session_id
	at        int64
	event     *record.Event
}

// New makes a Sessionizer that has seen nothing. An error says which option does
// not make sense.
func New(o Options) (*Sessionizer, error) {
	r, err := newRules(&o)
	if err != nil {
		return nil, err
	}
	return &Sessionizer{
		options: o, rules: r, watermark: math.MinInt64, names: newNames(),
		visitors: newVisitors(), fronts: map[slot]*front{}, live: live{of: map[event.ID]liveCount{}},
		wheel: newWheel(), ripest: never,
	}, nil
}

// Fold takes the next batch of the partition; revision is its offset. It keeps
// nothing of b.
func (s *Sessionizer) Fold(b *record.Batch, revision uint64) {
	s.collect(b)
	s.look()
	for i := range s.guests {
		s.take(&s.guests[i], revision)
	}
	clear(s.guests)
	clear(s.arrived)
	s.now = b.At.UnixMilli()
	s.clock.Fold(b)
	if w := s.Watermark(); !w.IsZero() {
		s.watermark = w.UnixMilli()
	}
	s.wake(revision)
}

// Watermark is the event time below which sessions wait for no more events; the
// zero time before anything came.
func (s *Sessionizer) Watermark() time.Time { return s.clock.Watermark(s.options.Lateness) }

// Stats say what is held now.
func (s *Sessionizer) Stats() Stats {
	return Stats{Visitors: s.visitors.count(), Events: s.events, TooLate: s.tooLate}
}

// collect sorts those events of a batch that make sessions.
func (s *Sessionizer) collect(b *record.Batch) {
	s.arrived = s.arrived[:0]
	for i := range b.Events {
		e := &b.Events[i]
		if _, web := s.rules.codes[e.Type]; !web || e.Bot || e.Unsettled || e.SessionID.IsZero() {
			continue
		}
		s.arrived = append(s.arrived, arrival{
			high: binary.BigEndian.Uint64(e.SessionID[:8]), low: binary.BigEndian.Uint64(e.SessionID[8:]),
			at: e.Timestamp.UnixMilli(), event: e,
		})
	}
	slices.SortFunc(s.arrived, func(a, b arrival) int {
		switch {
		case a.high != b.high:
			return cmp.Compare(a.high, b.high)
		case a.low != b.low:
			return cmp.Compare(a.low, b.low)
		case a.at != b.at:
			return cmp.Compare(a.at, b.at)
		}
		return bytes.Compare(a.event.EventID[:], b.event.EventID[:])
	})
}
