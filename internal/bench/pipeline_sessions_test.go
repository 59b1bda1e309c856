package bench

import (
	"context"
	"flag"
	"net/http"
	"testing"
	"time"
)

var sessionsFlag = flag.Int64("pipeline-sessions", 1_000_000, "open sessions of BenchmarkOpenSessions")

// BenchmarkOpenSessions has one worker follow a million sessions, which stay open
// since their events are of now, ends it and starts it again.
func BenchmarkOpenSessions(b *testing.B) {
	t := startTiendi(b)
	f := &flow{newCrowd(b), t.open(b, tiendiNames)}
	f.crowd.url = t.url
	for b.Loop() {
		f.begin(b)
		f.runUntil(b, func(ctx context.Context) (bool, error) {
			open, err := f.sinks.liveSessions(ctx)
			return open >= *sessionsFlag, err
		})
		open, _ := f.sinks.liveSessions(b.Context())
		scores.tell(b, float64(open), "open-sessions")
		scores.tell(b, float64(f.crowd.accepted.Load()), "events")
		scores.atMost(b, memory(b, t.worker.pid(), "VmRSS"), 300, "worker-MB", "")
		scores.tell(b, memory(b, t.worker.pid(), "VmHWM"), "worker-peak-MB")
		t.restart(b, f)
		t.tellTrouble(b, f.crowd)
	}
}

// runUntil sends until there is enough, and waits until all of it is everywhere.
func (f *flow) runUntil(b *testing.B, enough func(context.Context) (bool, error)) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.Context(), patience)
	defer stop()
	f.run(ctx, b, func(int64) {
		done, err := enough(b.Context())
		if err != nil {
			b.Error(err)
		}
		if done || err != nil {
			stop()
		}
	})
}

// restart ends the worker in peace and starts it again: ready is when all of its
// tasks are at work, caught up when an event that comes then is everywhere.
func (t *tiendi) restart(b *testing.B, f *flow) {
	b.Helper()
	began := time.Now()
	if err := t.worker.stop(); err != nil {
		b.Error(err)
	}
	stopped := time.Now()
	if err := t.worker.start(); err != nil {
		b.Fatal(err)
	}
	t.awaitWorker(b)
	ready := time.Now()
	if err := newProbes(f).send(http.DefaultClient); err != nil {
		b.Fatal(err)
	}
	f.drain(b)
	scores.tell(b, stopped.Sub(began).Seconds(), "stop-s")
	scores.atMost(b, ready.Sub(stopped).Seconds(), 10, "ready-s", "")
	scores.tell(b, time.Since(stopped).Seconds(), "caught-up-s")
	scores.tell(b, memory(b, t.worker.pid(), "VmRSS"), "restarted-MB")
}
