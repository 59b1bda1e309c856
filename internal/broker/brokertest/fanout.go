package brokertest

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// FannedOut is the subject with cursors that read together.
func (s Subject) FannedOut() Subject {
	connect := s.Connect
	s.Connect = func(addr string) (Conn, error) {
		c, err := connect(addr)
		if err != nil {
			return nil, err
		}
		return fanned{Broker: broker.FanOut(c), Conn: c}, nil
	}
	return s
}

// fanned closes the connection below.
type fanned struct {
	broker.Broker
	Conn interface{ Close() error }
}

func (f fanned) Close() error { return f.Conn.Close() }

// delivered counts the messages that a broker gives to its cursors.
type delivered struct {
	broker.Broker
	messages *atomic.Int64
}

func (d delivered) Open(ctx context.Context, topic string, partition int) (broker.Log, error) {
	l, err := d.Broker.Open(ctx, topic, partition)
	return deliveredLog{l, d.messages}, err
}

type deliveredLog struct {
	broker.Log
	messages *atomic.Int64
}

func (l deliveredLog) Read(ctx context.Context, from uint64) (broker.Cursor, error) {
	c, err := l.Log.Read(ctx, from)
	return deliveredCursor{c, l.messages}, err
}

type deliveredCursor struct {
	broker.Cursor
	messages *atomic.Int64
}

func (c deliveredCursor) Next(ctx context.Context) (broker.Stored, error) {
	m, err := c.Cursor.Next(ctx)
	if err == nil {
		c.messages.Add(1)
	}
	return m, err
}

// fan is a topic of one partition on a fanned out broker that counts what it delivers.
func fan(t *testing.T, s Subject) (c fanned, topic string, got *atomic.Int64) {
	below := s.connect(t, s.Addr)
	got = &atomic.Int64{}
	c = fanned{Broker: broker.FanOut(delivered{below, got}), Conn: below}
	return c, s.topic(t, below, 1, broker.Retention{}).Name, got
}

// testTogether reads with four readers, of which each pauses, ends and begins again at
// its own times: all get everything, in order. It is delivered once where they are near
// each other, and some of it again after each has begun anew.
func testTogether(t *testing.T, s Subject) {
	const readers, messages = 4, 400
	c, topic, got := fan(t, s)
	go store(t, broker.NewProducer(c, topic), 0, numbered(0, messages)...)
	var group sync.WaitGroup
	for n := range readers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(3, uint64(n)))
			var bodies []string
			var at broker.Progress
			for len(bodies) < messages {
				r, err := broker.Read(soon(t), c, topic, at, quiet())
				if err != nil {
					t.Error(err)
					return
				}
				// So many messages, not tries: how often it begins anew does not depend on
				// how quick the machine is.
				for ends := min(len(bodies)+50+random.IntN(100), messages); len(bodies) < ends; {
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(random.IntN(20_000))*time.Microsecond)
					rec, err := r.Next(ctx)
					cancel()
					if err == nil {
						bodies = append(bodies, string(rec.Body))
					} else if ctx.Err() == nil {
						t.Error(err)
						r.Close()
						return
					}
				}
				at = r.Progress()
				r.Close()
			}
			if !slices.Equal(bodies, numbered(0, messages)) {
				t.Errorf("reader %d: %q", n, bodies)
			}
		})
	}
	group.Wait()
	if n := got.Load(); n < messages || n > 3*messages {
		t.Errorf("%d messages were delivered for %d readers of %d", n, readers, messages)
	}
}

// testNear reads with four readers that take turns: what is there is delivered once, also
// where a body that one of them has read is no longer in memory.
func testNear(t *testing.T, s Subject) {
	const readers, messages = 4, 100
	c, topic, got := fan(t, s)
	var bodies []string
	for _, name := range numbered(0, messages) {
		bodies = append(bodies, strings.Repeat(name+" ", 200)) // that a driver packs
	}
	store(t, broker.NewProducer(c, topic), 0, bodies...)
	var all [readers]*broker.Reader
	for n := range all {
		all[n] = read(t, c, topic, broker.Progress{})
	}
	before := got.Load()
	for i, want := range bodies {
		for n := range all {
			if rec := next(t, all[(n+i)%readers]); string(rec.Body) != want {
				t.Errorf("reader %d got %.8q, not %.8q", n, rec.Body, want)
			}
			if i%10 == 0 {
				runtime.GC()
			}
		}
	}
	// A topic may begin with a message of the driver's own.
	if n := got.Load() - before; n > messages+1 {
		t.Errorf("%d messages were delivered for %d readers of %d", n, readers, messages)
	}
}

// testAtOnce begins to read with many readers at the same time, which find each other
// while the first of them have read everything, and nothing more comes.
func testAtOnce(t *testing.T, s Subject) {
	c, topic, _ := fan(t, s)
	want := numbered(0, 3)
	store(t, broker.NewProducer(c, topic), 0, want...)
	for range 10 {
		var group sync.WaitGroup
		for range 6 {
			group.Go(func() {
				r, err := broker.Read(soon(t), c, topic, broker.Progress{}, quiet())
				if err != nil {
					t.Error(err)
					return
				}
				for _, body := range want {
					if rec, err := r.Next(soon(t)); err != nil || string(rec.Body) != body {
						t.Errorf("%q, not %q: %v", rec.Body, body, err)
					}
				}
				t.Cleanup(r.Close)
			})
		}
		group.Wait()
	}
}

// nextOfMany reads as one does who has other things to do as well: in short attempts.
func nextOfMany(t *testing.T, r *broker.Reader) broker.Record {
	t.Helper()
	for ctx := soon(t); ; {
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		rec, err := r.Next(short)
		cancel()
		if err == nil {
			return rec
		}
		if ctx.Err() != nil || short.Err() == nil {
			t.Fatal(err)
		}
	}
}

// testLeftBehind lets a reader stand still while others read far more than is kept for
// it, of whom one never waits long. They go on, it gets everything once it reads again, and then they are together.
func testLeftBehind(t *testing.T, s Subject) {
	const messages = 20
	c, topic, got := fan(t, s)
	large := string(noise(1 << 20))
	var want []string
	for _, name := range numbered(0, messages) {
		want = append(want, name+large)
	}
	p := broker.NewProducer(c, topic)
	store(t, p, 0, want[0])
	still, one, two := read(t, c, topic, broker.Progress{}), read(t, c, topic, broker.Progress{}), read(t, c, topic, broker.Progress{})
	for _, r := range []*broker.Reader{still, one, two} {
		take(t, r, 1)
	}
	store(t, p, 0, want[1:]...)
	for i := 1; i < messages; i++ {
		if a, b := nextOfMany(t, one), next(t, two); string(a.Body) != want[i] || string(b.Body) != want[i] {
			t.Fatalf("message %d is %.8q and %.8q", i, a.Body, b.Body)
		}
	}
	if late := take(t, still, messages-1); !slices.Equal(late, want[1:]) {
		t.Errorf("the one that stood still has read something else")
	}
	before := got.Load()
	store(t, p, 0, "a", "b", "c")
	for _, body := range []string{"a", "b", "c"} {
		for _, r := range []*broker.Reader{one, two, still} {
			if rec := next(t, r); string(rec.Body) != body {
				t.Errorf("%.8q, not %q", rec.Body, body)
			}
		}
	}
	// The one that was left behind had asked for a message of its own already.
	if n := got.Load() - before; n > 4 {
		t.Errorf("%d messages were delivered of 3", n)
	}
}
