package brokertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// testLostConfirm keeps the answer back and cuts the line: the batch is stored, its
// writer cannot know, and sending it again must not double it.
func testLostConfirm(t *testing.T, s Subject) {
	proxy := NewProxy(t, s.Addr)
	c := s.connect(t, proxy.Addr())
	topic := s.topic(t, s.connect(t, s.Addr), 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	store(t, p, 0, "one")
	proxy.Mute(true)
	b := p.Batch(0, []byte("two"), 1)
	failure := make(chan error)
	go func() { failure <- p.Append(soon(t), b) }()
	r := read(t, s.connect(t, s.Addr), topic.Name, broker.Progress{})
	take(t, r, 2)
	proxy.Cut()
	if err := <-failure; !errors.Is(err, broker.ErrUnconfirmed) {
		t.Errorf("a line that was cut: %v", err)
	}
	proxy.Mute(false)
	appendSurely(t, p, b)
	store(t, p, 0, "three")
	if got := take(t, r, 1); got[0] != "three" {
		t.Errorf("after the doubled batch %q", got)
	}
	if d := r.Dropped(); d.Doubled != 1 {
		t.Errorf("dropped %+v", d)
	}
}

// testCuts drops the connections of writers and reader at random moments.
func testCuts(t *testing.T, s Subject) {
	const writers, each = 4, 150
	proxy := NewProxy(t, s.Addr)
	c := s.connect(t, proxy.Addr())
	topic := s.topic(t, s.connect(t, s.Addr), 1, broker.Retention{})
	ctx, stop := context.WithCancel(t.Context())
	var cutter, g sync.WaitGroup
	cutter.Go(func() {
		for ctx.Err() == nil {
			time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond)
			proxy.Cut()
		}
	})
	for w := range writers {
		g.Go(func() {
			p := broker.NewProducer(c, topic.Name)
			for n := range each {
				store(t, p, 0, fmt.Sprintf("%d %d", w, n))
				time.Sleep(time.Millisecond)
			}
		})
	}
	defer func() { stop(); cutter.Wait(); g.Wait() }()
	r, err := openThrough(c, topic.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := make([]int, writers)
	for range writers * each {
		rec := next(t, r)
		var w, n int
		if _, err := fmt.Sscan(string(rec.Body), &w, &n); err != nil || n != seen[w] {
			t.Fatalf("%q, want batch %d of that writer", rec.Body, seen[w])
		}
		seen[w]++
	}
	t.Logf("%+v", r.Dropped())
}

// openThrough begins to read over a line that may be cut at any moment.
func openThrough(c Conn, topic string) (*broker.Reader, error) {
	for end := time.Now().Add(patience); ; {
		r, err := broker.Read(context.Background(), c, topic, broker.Progress{}, quiet())
		if err == nil || !mayPass(err) || time.Now().After(end) {
			return r, err
		}
	}
}

func testUnreachable(t *testing.T, s Subject) {
	proxy := NewProxy(t, s.Addr)
	c := s.connect(t, proxy.Addr())
	topic := s.topic(t, s.connect(t, s.Addr), 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	store(t, p, 0, "one")
	proxy.Shut(true)
	proxy.Cut()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	b := p.Batch(0, []byte("two"), 1)
	if err := p.Append(ctx, b); !mayPass(err) {
		t.Errorf("append without a broker: %v", err)
	}
	if _, err := broker.Read(ctx, c, topic.Name, broker.Progress{}, quiet()); !errors.Is(err, broker.ErrUnavailable) {
		t.Errorf("read without a broker: %v", err)
	}
	if _, err := broker.Claim(ctx, c, topic.Name, 0); !errors.Is(err, broker.ErrUnavailable) {
		t.Errorf("claim without a broker: %v", err)
	}
	if other, err := s.Connect(proxy.Addr()); !errors.Is(err, broker.ErrUnavailable) {
		t.Errorf("connect without a broker: %v", err)
		_ = other
	}
	proxy.Shut(false)
	appendSurely(t, p, b)
}
