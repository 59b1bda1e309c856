package collect

import (
	"context"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/event"
)

// A batch is cut where it has so many bytes or events: readers work by batches,
// and brokers are fastest with messages of this size.
const (
	batchBytes  = 512 << 10
	batchEvents = 2000
)

// chunk is what one request has for one partition.
type chunk struct {
	body  []byte // lines
	count int
	done  chan<- error // has room
	span  trace.Span   // of the request, nil where nothing is traced
}

// submission collects what one request brings, by lane, and puts it into the
// lanes all at once: a request that is refused has left nothing behind.
type submission struct {
	collector *Collector
	lanes     []*lane
	open      []chunk // by lane
	ready     []placed
	room      int        // that a chunk begins with
	held      int64      // bytes of the budget: what is made of a request may be more than it
	full      bool       // the budget has no more
	span      trace.Span // of the request
}

type placed struct {
	lane *lane
	chunk
}

// leastRoom is enough for one event.
const leastRoom = 1 << 10

// submission is for a body of that size. Partitions get unequal parts of it, and one that
// gets a quarter more than its share still has room.
func (c *Collector) submission(size int) *submission {
	share := size / c.options.Events.Partitions
	room := min(leastRoom+share+share/4, batchBytes)
	return &submission{collector: c, lanes: c.lanes, open: make([]chunk, len(c.lanes)), room: room}
}

// partitionOf is the partition of a key: the same in every process and release,
// since a session's events must stay in one partition.
func partitionOf(key event.ID, partitions int) int {
	return int(xxhash.Sum64(key[:]) % uint64(partitions))
}

// event adds a valid event.
func (s *submission) event(ev *event.BaseEvent) {
	at := partitionOf(ev.SessionID, s.collector.options.Events.Partitions)
	s.line(at, func(b []byte) []byte { return event.AppendJSON(b, ev) })
}

// reject adds a refused one.
func (s *submission) reject(r *Reject) {
	o := &s.collector.options
	at := o.Events.Partitions + partitionOf(r.ID, o.Rejected.Partitions)
	s.line(at, r.appendJSON)
}

func (s *submission) line(at int, write func([]byte) []byte) {
	if s.full {
		return // it will be refused as a whole
	}
	open := &s.open[at]
	before := cap(open.body)
	if open.body == nil {
		open.body = make([]byte, 0, s.room)
	}
	open.body = append(write(open.body), '\n')
	open.count++
	if grown := int64(cap(open.body) - before); s.collector.inFlight.take(grown) {
		s.held += grown
	} else {
		s.full = true
	}
	if len(open.body) >= batchBytes || open.count == batchEvents {
		s.cut(at)
	}
}

func (s *submission) cut(at int) {
	if s.open[at].count > 0 {
		s.ready = append(s.ready, placed{s.lanes[at], s.open[at]})
		s.open[at] = chunk{}
	}
}

// drop gives back what is not put into a lane.
func (s *submission) drop() {
	s.collector.inFlight.give(s.held)
	s.held, s.open, s.ready = 0, nil, nil
}

// commit returns once all is confirmed or lies in the spool.
func (s *submission) commit(ctx context.Context) error {
	if s.full {
		return inFlightFull()
	}
	for at := range s.open {
		s.cut(at)
	}
	done := make(chan error, len(s.ready))
	for _, p := range s.ready {
		p.done, p.span = done, s.span
		if err := p.lane.put(ctx, p.chunk); err != nil {
			return err
		}
		s.held -= int64(cap(p.body)) // the lane gives it back
	}
	for range s.ready {
		select {
		case err := <-done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return late()
		}
	}
	return nil
}

func late() error { return busy("the broker did not confirm in time") }
