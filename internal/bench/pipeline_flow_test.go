package bench

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// So long may the sinks be behind what is accepted, at the rate at which events come
// through: then the crowd waits. So it sends what the slowest sink takes, and a lag
// cannot grow for as long as it sends.
const (
	longestLag = 10     // seconds
	leastLag   = 50_000 // events, before a rate is known
)

// drainPatience bounds how long what is under way may take to be everywhere.
const drainPatience = 3 * time.Minute

// lookAgain is the time between two looks at the sinks, which cost them a little.
const lookAgain = 250 * time.Millisecond

// flow is a crowd whose events go to sinks.
type flow struct {
	crowd *crowd
	sinks *sinks
}

// behind is how many of the accepted events are not in the slowest sink yet. Figures
// count some kinds only, of which there are equally many everywhere, and so it is with
// sessions.
func (f *flow) behind(ctx context.Context) (int64, error) {
	accepted, counted, sessions := f.crowd.accepted.Load(), f.crowd.counted.Load(), f.crowd.sessions.Load()
	r, err := f.sinks.look(ctx)
	if err != nil || counted == 0 {
		return 0, err
	}
	begun, err := f.sinks.sessionsBegun(ctx)
	if err != nil {
		return 0, err
	}
	missing := max(float64(counted-min(r.redis, r.postgres))/float64(counted), float64(sessions-begun)/float64(sessions))
	return max(accepted-r.clickhouse, int64(missing*float64(accepted))), nil
}

// run sends until the context ends, and returns when everything is everywhere. Whoever
// wants to know how much is under way is told four times a second.
func (f *flow) run(ctx context.Context, b *testing.B, tell func(behind int64)) {
	b.Helper()
	ended := make(chan error, 1)
	began, before := time.Now(), f.crowd.accepted.Load()
	go func() { ended <- f.crowd.send(ctx, 0) }()
	for ctx.Err() == nil {
		behind, err := f.behind(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		through := float64(f.crowd.accepted.Load()-before-behind) / time.Since(began).Seconds()
		f.crowd.hold.Store(float64(behind) > max(leastLag, longestLag*through))
		tell(behind)
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
		}
	}
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	f.crowd.hold.Store(false)
	f.drain(b)
}

// drain waits until all that was accepted is in all sinks.
func (f *flow) drain(b *testing.B) {
	b.Helper()
	for late := time.Now().Add(drainPatience); ; time.Sleep(lookAgain) {
		done, state, err := f.complete(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if done {
			return
		}
		if time.Now().After(late) {
			b.Fatalf("not everything has come through: %s", state)
		}
	}
}

// complete says whether everything is there, or how much is.
func (f *flow) complete(ctx context.Context) (bool, string, error) {
	r, err := f.sinks.look(ctx)
	if err != nil {
		return false, "", err
	}
	want := reached{f.crowd.accepted.Load(), f.crowd.counted.Load(), f.crowd.counted.Load()}
	state := fmt.Sprintf("%+v of %+v", r, want)
	if r != want {
		return false, state, nil
	}
	sessions := f.crowd.sessions.Load()
	done, err := f.sinks.sessionsIn(ctx, sessions)
	return done, fmt.Sprintf("%s, %d sessions: %v", state, sessions, done), err
}

// begin sends a lap and waits until it is everywhere, so that all tables are there,
// all connections open, and events that follow are of visits under way as often as
// they are in a shop: in the first lap each begins one.
func (f *flow) begin(b *testing.B) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	for _, one := range f.crowd.feeders {
		for err := one.feedOnce(); err != nil; err = one.feedOnce() {
			if ctx.Err() != nil {
				b.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	if err := f.crowd.sendLap(); err != nil {
		b.Fatal(err)
	}
	for {
		done, state, err := f.complete(b.Context())
		if err == nil && done {
			return
		}
		if ctx.Err() != nil {
			b.Fatalf("the first events do not come through: %s %v", state, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
