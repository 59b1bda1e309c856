package bench

import (
	"context"
	"sync"
	"time"
)

// A story is told fast, so that sessions end, days begin and late events come within
// minutes, and slowly while the collectors are in trouble: what waits in a spool then
// must not come later than the streams wait for it.
const (
	fastPace = 120
	slowPace = 12
	// storyLateness is the target's stream.lateness: six times what networks make of it,
	// and the rest for what waits in spools.
	storyLateness = time.Hour
	networkDelay  = 5 * time.Minute
)

// story is the time that events are of.
type story struct {
	mu sync.Mutex
	at time.Time
}

// newStory is one that comes to the present, at the most, when it was told so long.
func newStory(long time.Duration) *story {
	return &story{at: time.Now().UTC().Add(-fastPace * long)}
}

func (s *story) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// run tells the story until the context ends.
func (s *story) run(ctx context.Context, calm func() bool) {
	for last := time.Now(); ctx.Err() == nil; {
		time.Sleep(100 * time.Millisecond)
		pace := time.Duration(slowPace)
		if calm() {
			pace = fastPace
		}
		now := time.Now()
		s.mu.Lock()
		if next := s.at.Add(pace * now.Sub(last)); next.Before(now) {
			s.at = next
		}
		s.mu.Unlock()
		last = now
	}
}
