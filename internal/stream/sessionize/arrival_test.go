package sessionize

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// state says all that a flush has to say of a session.
func state(s *record.Session) string {
	switch {
	case s.Gone:
		return fmt.Sprintf("gone@%d", s.Revision)
	case s.Closed:
		return fmt.Sprintf("%d closed@%d", s.Events, s.Revision)
	}
	return fmt.Sprintf("%d@%d", s.Events, s.Revision)
}

func everything(*record.Session) bool { return true }

// TestArrival: what each batch has published. A step is the seconds of page views
// that arrive, or a tick so long after start.
func TestArrival(t *testing.T) {
	type step struct {
		events []float64
		tick   time.Duration
		want   string
	}
	for name, steps := range map[string][]step{
		"an island begins earlier": {
			{events: []float64{600}, want: "10m0s:1@0"},
			{events: []float64{60}, want: "10m0s:gone@1 1m0s:2@1"},
			{events: []float64{1200, 700}, want: "1m0s:4@2"},
			{},
		},
		"two islands become one": {
			{events: []float64{0, 2000}, want: "0s:1@0 33m20s:1@0"},
			{events: []float64{1500}, want: "33m20s:gone@1 0s:3@1"},
		},
		"what came and went within a batch was never there": {
			{events: []float64{2000, 0, 1500}, want: "0s:3@0"},
		},
		"an island closes": {
			{events: []float64{0}, want: "0s:1@0"},
			{tick: 40 * time.Minute},
			{tick: 40*time.Minute + time.Millisecond, want: "0s:1 closed@2"},
			{events: []float64{1, 1000}}, // too late
			{events: []float64{1801}, want: "30m1s:1@4"},
		},
		"a late event may go on, and not begin": {
			{events: []float64{1200}, want: "20m0s:1@0"},
			{tick: 50 * time.Minute},
			{events: []float64{1199}},
			{events: []float64{1201}, want: "20m0s:2@3"},
		},
		"a cut closes": {
			{events: every(0, 23.5*hours, 0.5*hours), want: "0s:48@0"},
			{events: []float64{24 * hours, 24*hours - 1}, want: "0s:49@1 24h0m0s:1@1"},
			{tick: 24*time.Hour + 10*time.Minute, want: "0s:49 closed@2"},
			{events: []float64{24*hours - 2}}, // too late
			{events: []float64{24*hours + 1}, want: "24h0m0s:2@4"},
			{events: every(24.5*hours, 48*hours, 0.5*hours), want: "24h0m0s:49@5 48h0m0s:1@5"},
			{tick: 100 * time.Hour, want: "24h0m0s:49 closed@6 48h0m0s:1 closed@6"},
		},
		"cuts move with the beginning": {
			{events: append(every(300, 300+23.9*hours, 0.5*hours), 24*hours+100, 24*hours+250), want: "5m0s:50@0"},
			{events: []float64{24*hours + 400}, want: "24h6m40s:1@1"},
		},
	} {
		s := newSessionizer(t, shopOptions())
		for i, step := range steps {
			b := record.Batch{At: start}
			if step.tick > 0 {
				b.Kind, b.At = record.Tick, start.Add(step.tick)
			}
			for _, second := range step.events {
				b.Events = append(b.Events, an(event.PageView, second))
				b.At = start.Add(time.Duration(max(second, b.At.Sub(start).Seconds())) * time.Second)
			}
			s.Fold(&b, uint64(i))
			if got := said(published(t, s, everything), state); got != step.want {
				t.Errorf("%s, step %d: %s, want %s", name, i, got, step.want)
			}
		}
	}
}

func every(from, to, step float64) (all []float64) {
	for ; from <= to; from += step {
		all = append(all, from)
	}
	return all
}

// TestEndless: a session_id that never rests holds a bounded number of events, and
// its sessions are exact all the same.
func TestEndless(t *testing.T) {
	o := shopOptions()
	s, k := newSessionizer(t, o), newSink(t)
	w := newWorld(3)
	w.o = o
	var all []record.Event
	for i := range 12_000 {
		e := w.event(someone, start.Add(time.Duration(i)*20*time.Second))
		e.EventID = event.ID{byte(i >> 8), byte(i)}
		e.Bot, e.Unsettled, e.Context.PageViewID = false, false, event.ID{9, byte(i / 8 >> 8), byte(i / 8)}
		all = append(all, e)
	}
	for i := 0; i < len(all); i += 100 {
		b := record.Batch{At: all[i].Timestamp, Events: all[i : i+100]}
		s.Fold(&b, uint64(i))
		if got := s.Stats(); got.Events > maxHeld {
			t.Fatalf("%d events are held", got.Events)
		}
		flush(t, s, k)
		k.compare(oracle(o, all[:i+100]))
		s = restored(t, o, snapshot(t, s))
	}
	late := all[9000]
	late.EventID[15] = 1
	s.Fold(&record.Batch{At: late.Timestamp, Events: []record.Event{late}}, 12_000)
	if got := s.Stats().TooLate; got != 1 {
		t.Errorf("%d events are too late, want the one behind thousands of newer ones", got)
	}
	s.Fold(&record.Batch{Kind: record.Tick, At: start.Add(1000 * time.Hour)}, 12_001)
	flush(t, s, k)
	k.compare(oracle(o, all))
	wantEmpty(t, s)
}

// TestBurst: more events at once than are held.
func TestBurst(t *testing.T) {
	o := shopOptions()
	s, k := newSessionizer(t, o), newSink(t)
	var all []record.Event
	for i := range 5 * maxHeld {
		all = append(all, an(event.PageView, float64(i/100*700)))
	}
	s.Fold(&record.Batch{At: start, Events: all}, 0)
	if got := s.Stats().Events; got > maxHeld {
		t.Errorf("%d events are held, and %d is the most", got, maxHeld)
	}
	flush(t, s, k)
	k.compare(oracle(o, all))
}

// TestFlushFails: nothing is lost when a send fails, wherever it does.
func TestFlushFails(t *testing.T) {
	s, k := newSessionizer(t, shopOptions()), newSink(t)
	w := newWorld(1)
	w.o = shopOptions()
	b := record.Batch{At: start}
	for i := range 1700 {
		e := w.event(event.ID{1, byte(i >> 8), byte(i)}, start.Add(time.Duration(i)*2*time.Second))
		e.Bot, e.Unsettled, e.Type = false, false, event.PageView
		b.Events = append(b.Events, e)
	}
	s.Fold(&b, 0)
	for fails := range 5 {
		sent := 0
		err := s.Flush(fails%2 == 0, func(part []record.Session) error {
			if sent++; sent > fails {
				return errSend
			}
			return k.send(part)
		})
		if fails < 4 && !errors.Is(err, errSend) || fails == 4 && err != nil {
			t.Fatalf("a flush whose send %d fails: %v", fails+1, err)
		}
	}
	k.compare(oracle(w.o, b.Events))
	if again := published(t, s, everything); len(again) > 0 {
		t.Errorf("%d sessions are published twice", len(again))
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Timeout = 0 }, "session_timeout_minutes"},
		{func(o *Options) { o.Longest = 0 }, "session_max_hours"},
		{func(o *Options) { o.Lateness = -1 }, "lateness"},
		{func(o *Options) { o.Web = nil }, "web_event_types"},
		{func(o *Options) { o.FunnelSteps = make([]event.Type, 33) }, "funnel_steps"},
	} {
		o := shopOptions()
		c.change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error about %s", err, c.want)
		}
	}
}
