package bench

import (
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// naiveRest is how long products, sources and visitors wait: they are many, and people
// look at stores' counts first.
const naiveRest = 10 * time.Second

// naiveFigures are what the sinks are to write, and are not changed any more.
type naiveFigures struct {
	windows  naiveWindows // what is to be added
	visitors naiveVisitors
	sessions []naiveSession    // as they are now
	live     map[uuid.UUID]int // how many are open, where that has changed
}

// naiveWindow is what events are counted by.
type naiveWindow struct {
	day bool
	window
}

func (w naiveWindow) ofDay() naiveWindow {
	w.day, w.start = true, w.start/86_400*86_400
	return w
}

// naiveWindows is what windows gain.
type naiveWindows map[naiveWindow]*counts

// at gives what a window gains, to be added to.
func (all naiveWindows) at(w naiveWindow) *counts {
	sum := all[w]
	if sum == nil {
		sum = &counts{}
		all[w] = sum
	}
	return sum
}

// naiveVisitors are those of stores' minutes.
type naiveVisitors map[naiveWindow]map[event.ID]struct{}

func (all naiveVisitors) add(w naiveWindow, visitor event.ID) {
	of := all[w]
	if of == nil {
		of = map[event.ID]struct{}{}
		all[w] = of
	}
	of[visitor] = struct{}{}
}

// naiveGather is what has come in since it was taken. All workers share it.
type naiveGather struct {
	mu           sync.Mutex
	stores, rest naiveWindows // of minutes
	visitors     naiveVisitors
	sessions     *naiveSessions
	restTaken    time.Time
	basket       event.Basket
}

func newNaiveGather() *naiveGather {
	return &naiveGather{stores: naiveWindows{}, rest: naiveWindows{}, visitors: naiveVisitors{}, sessions: newNaiveSessions(), restTaken: time.Now()}
}

// add folds events in, as they come.
func (g *naiveGather) add(visits []naiveVisit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range visits {
		v := &visits[i]
		g.count(&v.event, v.source)
		g.sessions.fold(&v.event, v.source)
	}
}

// take gives what there is. A day gains what its minutes do.
func (g *naiveGather) take(now time.Time) *naiveFigures {
	g.mu.Lock()
	f := &naiveFigures{windows: g.stores, sessions: g.sessions.take(now), live: g.sessions.takeLive()}
	g.stores = naiveWindows{}
	if now.Sub(g.restTaken) >= naiveRest {
		maps.Copy(f.windows, g.rest)
		f.visitors = g.visitors
		g.rest, g.visitors, g.restTaken = naiveWindows{}, naiveVisitors{}, now
	}
	g.mu.Unlock()
	days := naiveWindows{}
	for w, sum := range f.windows {
		days.at(w.ofDay()).add(*sum)
	}
	maps.Copy(f.windows, days)
	return f
}
