package generate

import (
	"cmp"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// slotSpec names a slice of time: some of the sessions of an hour, and the
// part of the hour from the first one's earliest start on.
type slotSpec struct {
	day, hour   int
	first, last int // sessions of the hour, half open
	span        span
}

// maxSlotSessions bounds a slot, and with it what a worker holds in memory.
const maxSlotSessions = 600

// slots gives the whole range as slots, in order of time.
func (p *plan) slots(yield func(slotSpec) bool) {
	for at := p.from; at < p.to; at += hour {
		day, h := int((at-p.from)/dayLong), int((at-p.from)%dayLong/hour)
		n := int(p.sessions[day][h])
		parts := max(1, (n+maxSlotSessions-1)/maxSlotSessions)
		for part := range parts {
			s := slotSpec{day: day, hour: h, first: part * n / parts, last: (part + 1) * n / parts}
			s.span = span{at + int64(part)*hour/int64(parts), at + int64(part+1)*hour/int64(parts)}
			if n > 0 {
				s.span = span{at + int64(s.first)*hour/int64(n), at + int64(s.last)*hour/int64(n)}
			}
			if !yield(s) {
				return
			}
		}
	}
}

// slot is what one slice of time gave: serialised events with their times of
// arrival, rows of the tables, and counts. It is filled by one worker and
// then read by the writer.
type slot struct {
	w       *world
	spec    slotSpec
	month   uint64
	lines   []byte
	records []record
	users   []byte // rows of users.csv
	orders  []byte // rows of orders.csv
	items   []byte // rows of order_items.csv
	sales   []sale
	tally   tally

	ev    event.BaseEvent
	props []byte
}

// record is one line of an event file: where it stands in lines, when its
// event happened and when it arrived.
type record struct {
	arrival, at int64
	start, end  int
}

// sale is an item that left the shelf.
type sale struct {
	at       int64
	product  int32
	quantity int32
}

func (s *slot) fill(spec slotSpec) {
	s.spec = spec
	s.month = monthOf(spec.span.from)
	s.lines, s.records = s.lines[:0], s.records[:0]
	s.users, s.orders, s.items, s.sales = s.users[:0], s.orders[:0], s.items[:0], s.sales[:0]
	s.tally = tally{day: spec.day, ByType: map[event.Type]int64{}}
	s.openings()
	s.probes()
	for i := spec.first; i < spec.last; i++ {
		s.session(i)
	}
	slices.SortStableFunc(s.records, func(a, b record) int { return cmp.Compare(a.arrival, b.arrival) })
}

// put serialises s.ev and has it arrive as its own luck wills. r is the
// stream of whatever sends the event.
func (s *slot) put(r *stream, at int64) {
	s.ev.EventID = r.id()
	s.ev.Timestamp = time.UnixMilli(at)
	s.ev.Properties = s.props
	start := len(s.lines)
	s.lines = append(event.AppendJSON(s.lines, &s.ev), '\n')
	s.tally.event(s.ev.Type, int((at-s.w.from)/dayLong))
	s.arrive(r, record{at: at, start: start, end: len(s.lines)})
}

// arrive: most events are received as they happen. Some come late, and some
// twice: at once, or again when a client resends after minutes.
func (s *slot) arrive(r *stream, rec record) {
	roll := r.below(1000)
	delay, again := int64(0), int64(-1)
	switch {
	case roll < 3:
		again = int64(r.below(2000))
	case roll < 6:
		again = int64(r.between(60, 3600)) * second
	case roll < 12:
		delay = r.lognormal(10*minute, 1.2)
	case roll < 13:
		delay = int64(r.between(6, 36)) * hour
	}
	s.receive(rec, delay)
	if again >= 0 {
		s.tally.Duplicates++
		s.receive(rec, again)
	}
}

// receive sets the time of arrival. What would come after the range ends
// comes just before its end: nothing is lost.
func (s *slot) receive(rec record, delay int64) {
	rec.arrival = min(rec.at+delay, s.w.to-1)
	s.records = append(s.records, rec)
}
