package brokertest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/broker"
)

// Conn is a driver's connection.
type Conn interface {
	broker.Broker
	io.Closer
}

// Connect reaches the broker at host:port, which may be a proxy's.
type Connect func(addr string) (Conn, error)

// Subject is a broker under test.
type Subject struct {
	Addr    string // host:port
	Connect Connect
	// Restart stops the broker and Kill ends it by SIGKILL; both start it again on
	// the same port and data.
	Restart, Kill func(t testing.TB)
	// Remove removes what Declare made; RemovePartition only the log of one.
	Remove          func(t testing.TB, t2 broker.Topic)
	RemovePartition func(t testing.TB, topic string, partition int)
	// Inject appends a message of another program, with or without a header.
	Inject func(t testing.TB, topic string, partition int, header string, body []byte)
	// SegmentBytes is how much a partition keeps at most beyond its retention.
	SegmentBytes int
}

// Run holds a broker against everything that tiendi expects of one. The test binary
// needs Main in TestMain.
func Run(t *testing.T, s Subject) {
	// These disturb everybody else, so they go first and alone.
	for name, check := range map[string]func(*testing.T, Subject){
		"restart under reader": testRestartReader,
		"restart under writer": testRestartWriter,
		"restart under owner":  testRestartOwner,
	} {
		t.Run(name, func(t *testing.T) { check(t, s) })
	}
	for name, check := range map[string]func(*testing.T, Subject){
		"append and read":     testAppendAndRead,
		"read on":             testReadOn,
		"read to the end":     testReadToTheEnd,
		"waiting":             testWaiting,
		"order":               testOrder,
		"many at once":        testManyAtOnce,
		"partitions":          testPartitions,
		"too large":           testTooLarge,
		"bounds":              testBounds,
		"declare":             testDeclare,
		"missing topic":       testMissingTopic,
		"missing partition":   testMissingPartition,
		"recreated":           testRecreated,
		"retention":           testRetention,
		"overtaken reader":    testOvertakenReader,
		"foreign messages":    testForeign,
		"doubled":             testDoubled,
		"claim":               testClaim,
		"claims together":     testClaimsTogether,
		"stale batch":         testStale,
		"paused owner":        testPausedOwner,
		"killed owner":        testKilledOwner,
		"muted owner":         testMutedOwner,
		"lost confirm":        testLostConfirm,
		"cut connections":     testCuts,
		"broker out of reach": testUnreachable,
		"read together":       testTogether,
		"read near":           testNear,
		"begin at once":       testAtOnce,
		"left behind":         testLeftBehind,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, s)
		})
	}
}

// patience bounds whatever should happen soon, on a busy machine too.
const patience = 3 * time.Minute

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// noise are so many bytes that a driver cannot pack.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails
	return b
}

func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// connect is to the broker itself, or to a proxy before it.
func (s Subject) connect(t testing.TB, addr string) Conn {
	t.Helper()
	c, err := s.Connect(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// topic declares a new topic that goes with the test.
func (s Subject) topic(t testing.TB, c Conn, partitions int, r broker.Retention) broker.Topic {
	t.Helper()
	topic := broker.Topic{Name: "test." + uuid.NewString()[:8], Partitions: partitions, Retention: r}
	if err := c.Declare(soon(t), topic); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Remove(t, topic) })
	return topic
}

// read begins to read, also while the broker is coming back.
func read(t testing.TB, c Conn, topic string, from broker.Progress) *broker.Reader {
	t.Helper()
	ctx := soon(t)
	for {
		r, err := broker.Read(ctx, c, topic, from, quiet())
		if err == nil {
			t.Cleanup(r.Close)
			return r
		}
		if ctx.Err() != nil || !mayPass(err) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// take reads n records and returns their bodies.
func take(t testing.TB, r *broker.Reader, n int) []string {
	t.Helper()
	bodies := make([]string, 0, n)
	for range n {
		bodies = append(bodies, string(next(t, r).Body))
	}
	return bodies
}

func next(t testing.TB, r *broker.Reader) broker.Record {
	t.Helper()
	rec, err := r.Next(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// nothing wants no record to come.
func nothing(t testing.TB, r *broker.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if rec, err := r.Next(ctx); err == nil {
		t.Errorf("an unwanted record: %v %q", rec.Position, rec.Body)
	}
}

// store appends bodies one by one until they are confirmed.
func store(t testing.TB, p *broker.Producer, partition int, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if !appendSurely(t, p, p.Batch(partition, []byte(body), 1)) {
			return
		}
	}
}

// appendSurely sends a batch again until it is confirmed, as a collector does.
func appendSurely(t testing.TB, p *broker.Producer, b broker.Batch) bool {
	t.Helper()
	ctx := soon(t)
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := p.Append(attempt, b)
		cancel()
		if err == nil {
			return true
		}
		if t.Failed() {
			return false
		}
		if ctx.Err() != nil || !mayPass(err) {
			t.Errorf("batch %.100q: %v", b.Body, err)
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func numbered(from, to int) []string {
	var s []string
	for n := from; n < to; n++ {
		s = append(s, fmt.Sprintf("batch %d", n))
	}
	return s
}
