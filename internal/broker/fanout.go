package broker

import (
	"context"
	"slices"
	"sync"
	"time"
)

// FanOut gives a broker whose cursors read together: those that are near each other in
// a log get one message from the broker between them. A cursor that is far from the
// others, or that holds them up for long, reads by itself until it is near again.
// Messages that come of it share their bodies, which must not be changed.
func FanOut(b Broker) Broker {
	return &fanOut{Broker: b, feeds: map[string][]*feed{}}
}

type fanOut struct {
	Broker

	mu    sync.Mutex
	feeds map[string][]*feed // by log, the oldest first
}

// Open implements Broker.
func (s *fanOut) Open(ctx context.Context, topic string, partition int) (Log, error) {
	l, err := s.Broker.Open(ctx, topic, partition)
	if err != nil {
		return nil, err
	}
	return &fannedLog{Log: l, shared: s}, nil
}

// fannedLog is a log whose cursors read together with those of the same log, once it is
// known which one it is.
type fannedLog struct {
	Log
	shared *fanOut

	mu sync.Mutex
	id string
}

// Bounds implements Log.
func (l *fannedLog) Bounds(ctx context.Context) (Bounds, error) {
	b, err := l.Log.Bounds(ctx)
	if err == nil {
		l.mu.Lock()
		l.id = b.ID
		l.mu.Unlock()
	}
	return b, err
}

// Read implements Log.
func (l *fannedLog) Read(ctx context.Context, from uint64) (Cursor, error) {
	l.mu.Lock()
	id := l.id
	l.mu.Unlock()
	if id == "" {
		return l.Log.Read(ctx, from)
	}
	c := &fannedCursor{shared: l.shared, log: l.Log, id: id, next: from}
	if err := c.attach(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// near gives the feed that most read of those that a cursor could read from, nil for
// none. Distances of offsets say nothing exact, and need not: they only decide who reads
// with whom. It needs the lock.
func (s *fanOut) near(c *fannedCursor) (best *feed) {
	for _, f := range s.feeds[c.id] {
		if c.next < f.floor || c.next > f.next+feedAhead {
			continue
		}
		if best == nil || len(f.cursors) > len(best.cursors) {
			best = f
		}
	}
	return best
}

// before says whether a feed is read by more than another, or by as many and is older:
// cursors move that way only, so that they do not change places for ever. It needs the
// lock.
func (s *fanOut) before(id string, f, other *feed) bool {
	if f == other || len(f.cursors) != len(other.cursors) {
		return len(f.cursors) > len(other.cursors)
	}
	all := s.feeds[id]
	return slices.Index(all, f) < slices.Index(all, other)
}

// leave takes the cursor off its feed, which ends with its last one. The broker may take
// its time over that, and nobody has to wait for it. It needs the lock.
func (s *fanOut) leave(c *fannedCursor) {
	f := c.feed
	if f == nil {
		return
	}
	f.remove(c)
	if len(f.cursors) == 0 {
		s.drop(c.id, f)
		go func() { _ = f.source.Close() }()
	}
}

// drop forgets a feed. It needs the lock.
func (s *fanOut) drop(id string, f *feed) {
	s.feeds[id] = slices.DeleteFunc(s.feeds[id], func(other *feed) bool { return other == f })
	if len(s.feeds[id]) == 0 {
		delete(s.feeds, id)
	}
}

// fetch adds a message to a feed that nobody else reads for now, unless it has changed.
func (s *fanOut) fetch(ctx context.Context, id string, f *feed, seen chan struct{}) {
	if !s.room(ctx, f, seen) {
		return
	}
	m, err := f.source.Next(ctx)
	if err != nil && ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		f.err = err
		s.drop(id, f)
	} else {
		f.push(m)
	}
	f.change()
}

// room waits until a feed may grow, and false is that it has changed before. Those who
// keep it from growing for feedPatience are left behind: they read by themselves.
func (s *fanOut) room(ctx context.Context, f *feed, seen chan struct{}) bool {
	for {
		s.mu.Lock()
		ready, trimmed, patience := f.changed != seen || !f.full(), f.trimmed, time.Until(f.fullSince.Add(feedPatience))
		if !ready && patience <= 0 {
			f.leaveBehind()
			ready = true
		}
		same := f.changed == seen
		s.mu.Unlock()
		if ready {
			return same
		}
		select {
		case <-trimmed:
		case <-time.After(patience):
		case <-ctx.Done():
			return false
		}
	}
}
