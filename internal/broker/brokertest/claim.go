package brokertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// claim waits for a partition that another owner may still hold.
func claim(t testing.TB, c Conn, topic string) *broker.Owner {
	t.Helper()
	ctx := soon(t)
	for {
		o, err := broker.Claim(ctx, c, topic, 0)
		if err == nil {
			t.Cleanup(func() { _ = o.Close() })
			return o
		}
		if ctx.Err() != nil || !errors.Is(err, broker.ErrHeld) && !mayPass(err) {
			t.Fatalf("claim: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func payloads(bodies ...string) []broker.Payload {
	p := make([]broker.Payload, 0, len(bodies))
	for _, body := range bodies {
		p = append(p, broker.Payload{Body: []byte(body), Count: 1})
	}
	return p
}

func own(t testing.TB, o *broker.Owner, bodies ...string) {
	t.Helper()
	if err := o.Append(soon(t), payloads(bodies...)...); err != nil {
		t.Fatal(err)
	}
}

// readBack reads the bodies up to the owner's claim.
func readBack(t testing.TB, c Conn, topic string, o *broker.Owner) []string {
	t.Helper()
	r := read(t, c, topic, broker.Progress{})
	defer r.Close()
	var bodies []string
	for {
		rec := next(t, r)
		switch {
		case rec.Claim() && rec.Epoch == o.Epoch():
			return bodies
		case rec.Claim():
		default:
			bodies = append(bodies, string(rec.Body))
		}
	}
}

func isLost(t testing.TB, o *broker.Owner) {
	t.Helper()
	select {
	case <-o.Lost():
	case <-time.After(patience):
		t.Error("the owner does not know that it has lost its claim")
	}
}

func testClaim(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	first := claim(t, c, topic.Name)
	own(t, first, "a", "b", "c")
	if _, err := broker.Claim(soon(t), s.connect(t, s.Addr), topic.Name, 0); !errors.Is(err, broker.ErrHeld) {
		t.Errorf("a partition that is held: %v", err)
	}
	own(t, first, "d")
	if err := first.Append(soon(t), broker.Payload{Body: make([]byte, broker.MaxBody+1)}); !errors.Is(err, broker.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	own(t, first, "e")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	isLost(t, first)
	if err := first.Append(soon(t), payloads("x")...); !errors.Is(err, broker.ErrFenced) {
		t.Errorf("append after closing: %v", err)
	}
	second := claim(t, c, topic.Name)
	if second.Epoch() <= first.Epoch() {
		t.Errorf("epoch %d after %d", second.Epoch(), first.Epoch())
	}
	own(t, second, "f")
	if got := readBack(t, c, topic.Name, second); !slices.Equal(got, []string{"a", "b", "c", "d", "e"}) {
		t.Errorf("before the second claim: %q", got)
	}
	r := read(t, c, topic.Name, broker.Progress{})
	var epochs []uint64
	for range 8 {
		epochs = append(epochs, next(t, r).Epoch)
	}
	one, two := first.Epoch(), second.Epoch()
	if !slices.Equal(epochs, []uint64{one, one, one, one, one, one, two, two}) {
		t.Errorf("epochs %d, claims %d and %d", epochs, one, two)
	}
}

// testClaimsTogether has many claim at once, again and again: one at a time owns.
func testClaimsTogether(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	var owning atomic.Int32
	var epochs sync.Map
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			for range 3 {
				o := claim(t, c, topic.Name)
				if n := owning.Add(1); n != 1 {
					t.Errorf("%d owners at once", n)
				}
				if _, twice := epochs.LoadOrStore(o.Epoch(), true); twice {
					t.Errorf("epoch %d twice", o.Epoch())
				}
				own(t, o, "mine")
				owning.Add(-1)
				_ = o.Close()
			}
		})
	}
	g.Wait()
	if got := readBack(t, c, topic.Name, claim(t, c, topic.Name)); len(got) != 12 {
		t.Errorf("%d batches, want 12", len(got))
	}
}

// testStale lands a batch of an earlier owner behind a newer claim, as one that was
// under way may.
func testStale(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	first := claim(t, c, topic.Name)
	own(t, first, "good")
	_ = first.Close()
	second := claim(t, c, topic.Name)
	own(t, second, "better")
	for _, kind := range []string{"", " kind=claim"} {
		header := fmt.Sprintf("producer=p sequence=7 epoch=%d count=1%s", first.Epoch(), kind)
		s.Inject(t, topic.Name, 0, header, []byte("stale"))
	}
	s.Inject(t, topic.Name, 0, "", []byte("foreign"))
	_ = second.Close()
	third := claim(t, c, topic.Name)
	if got := readBack(t, c, topic.Name, third); !slices.Equal(got, []string{"good", "better"}) {
		t.Errorf("read %q", got)
	}
	r := read(t, c, topic.Name, broker.Progress{})
	for !isClaim(next(t, r), third) {
	}
	if d := r.Dropped(); d.Stale != 3 {
		t.Errorf("dropped %+v", d)
	}
}

func isClaim(rec broker.Record, o *broker.Owner) bool {
	return rec.Claim() && rec.Epoch == o.Epoch()
}

// testMutedOwner loses the confirm of a batch that was stored.
func testMutedOwner(t *testing.T, s Subject) {
	proxy := NewProxy(t, s.Addr)
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	o := claim(t, s.connect(t, proxy.Addr()), topic.Name)
	own(t, o, "one")
	proxy.Mute(true)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := o.Append(ctx, payloads("two")...); !errors.Is(err, broker.ErrUnconfirmed) {
		t.Errorf("append without an answer: %v", err)
	}
	isLost(t, o)
	if err := o.Append(soon(t), payloads("two")...); !errors.Is(err, broker.ErrFenced) {
		t.Errorf("append after a lost confirm: %v", err)
	}
	proxy.Mute(false)
	successor := claim(t, c, topic.Name)
	if got := readBack(t, c, topic.Name, successor); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("read %q", got)
	}
}
