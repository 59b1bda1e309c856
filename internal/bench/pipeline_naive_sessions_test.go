package bench

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// naiveSessions are those of the whole pipeline.
type naiveSessions struct {
	open  map[event.ID]*naiveSession
	next  []*naiveSession    // that the next batch has
	live  map[uuid.UUID]int  // how many are open, by store; the platform's is zeros
	moved map[uuid.UUID]bool // stores whose number has changed since it was taken
	texts map[string]string  // the few that most sessions share
	swept time.Time
}

func newNaiveSessions() *naiveSessions {
	return &naiveSessions{
		open: map[event.ID]*naiveSession{}, live: map[uuid.UUID]int{}, moved: map[uuid.UUID]bool{},
		texts: map[string]string{}, swept: time.Now(),
	}
}

func (all *naiveSessions) fold(ev *event.BaseEvent, source string) {
	s := all.open[ev.SessionID]
	if s != nil && (ev.Timestamp.Sub(s.ended) > naiveTimeout || ev.Timestamp.Sub(s.started) >= naiveLongest) {
		all.close(s)
		s = nil
	}
	if s == nil {
		s = &naiveSession{
			id: uuid.UUID(ev.SessionID), started: ev.Timestamp, entry: strings.Clone(ev.Context.PageURL), step: 1,
			device: all.own(string(ev.Context.DeviceType)), os: all.own(ev.Context.OS), browser: all.own(ev.Context.Browser), source: all.own(source),
		}
		all.open[ev.SessionID] = s
		all.count(uuid.UUID{}, 1)
	}
	stores := len(s.stores)
	if s.add(ev) {
		all.tell(s)
	}
	for _, store := range s.stores[stores:] {
		all.count(store, 1)
	}
}

func (all *naiveSessions) count(store uuid.UUID, by int) {
	all.live[store] += by
	all.moved[store] = true
}

func (all *naiveSessions) close(s *naiveSession) {
	s.closed = true
	all.tell(s)
	all.count(uuid.UUID{}, -1)
	for _, store := range s.stores {
		all.count(store, -1)
	}
}

// takeLive gives the numbers of open sessions that have changed.
func (all *naiveSessions) takeLive() map[uuid.UUID]int {
	taken := map[uuid.UUID]int{}
	for store := range all.moved {
		taken[store] = all.live[store]
	}
	clear(all.moved)
	return taken
}

// own gives a text that does not hold the message that it came with.
func (all *naiveSessions) own(text string) string {
	own, known := all.texts[text]
	if !known {
		own = strings.Clone(text)
		all.texts[own] = own
	}
	return own
}

func (all *naiveSessions) tell(s *naiveSession) {
	if !s.waiting {
		s.waiting = true
		all.next = append(all.next, s)
	}
}

// take gives what is to be written, as it is now.
func (all *naiveSessions) take(now time.Time) []naiveSession {
	if now.Sub(all.swept) > naiveSweep {
		all.swept = now
		all.sweep(now)
	}
	taken := make([]naiveSession, len(all.next))
	for i, s := range all.next {
		s.shown, s.waiting, s.changed, s.exit = now, false, false, string(s.exitBytes)
		taken[i] = *s
		s.written = true
	}
	all.next = all.next[:0]
	return taken
}

// sweep closes sessions that have ended, and tells what has waited long enough.
func (all *naiveSessions) sweep(now time.Time) {
	for id, s := range all.open {
		if now.Sub(s.ended) > naiveTimeout {
			delete(all.open, id)
			all.close(s)
		} else if s.changed && now.Sub(s.shown) > naiveShow {
			all.tell(s)
		}
	}
}
