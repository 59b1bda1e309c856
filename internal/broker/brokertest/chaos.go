package brokertest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// Chaos kills the broker at random moments under writers of two partitions and an
// owner of a third log, and holds what is in the logs against a ledger of what was
// confirmed: nothing lost, nothing twice, everything in order.
func Chaos(t *testing.T, s Subject, rounds int) {
	const writers = 4
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 2, broker.Retention{})
	owned := s.topic(t, c, 1, broker.Retention{})
	stop := make(chan struct{})
	confirmed := make([]int, writers) // the ledger
	var ownerConfirmed int
	var written, appended atomic.Int64
	var g sync.WaitGroup
	halt := sync.OnceFunc(func() { close(stop); g.Wait() })
	defer halt()
	for w := range writers {
		g.Go(func() { confirmed[w] = write(t, c, topic.Name, w, &written, stop) })
	}
	g.Go(func() { ownerConfirmed = ownAgain(t, c, owned.Name, &appended, stop) })
	for round := range rounds {
		// Every second kill hits a broker that works again, the others one that may
		// still be coming back.
		if round%2 == 0 {
			grows(t, &written)
			grows(t, &appended)
		}
		time.Sleep(time.Duration(100+random.IntN(900)) * time.Millisecond)
		s.Kill(t)
	}
	halt()
	doubled := audit(t, s, topic.Name, confirmed)
	got := readBack(t, c, owned.Name, claim(t, c, owned.Name))
	wantPrefix(t, got, ownerConfirmed)
	t.Logf("%d kills; confirmed %v, sent twice %d; owner %d confirmed, %d stored", rounds, confirmed, doubled, ownerConfirmed, len(got))
}

func done(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// grows waits until a count of what was confirmed goes up.
func grows(t testing.TB, count *atomic.Int64) {
	t.Helper()
	ctx := soon(t)
	for before := count.Load(); count.Load() == before; time.Sleep(20 * time.Millisecond) {
		if ctx.Err() != nil || t.Failed() {
			t.Fatal("nothing is confirmed any more")
		}
	}
}

// write appends numbers until it is stopped, and returns how many were confirmed.
func write(t testing.TB, c Conn, topic string, w int, written *atomic.Int64, stop <-chan struct{}) (n int) {
	p := broker.NewProducer(c, topic)
	for !done(stop) {
		if !appendSurely(t, p, p.Batch(w%2, fmt.Appendf(nil, "%d %d", w, n), 1)) {
			return n
		}
		n++
		written.Add(1)
	}
	return n
}

// audit reads everything and compares it with the ledger.
func audit(t testing.TB, s Subject, topic string, confirmed []int) (doubled uint64) {
	t.Helper()
	c := s.connect(t, s.Addr)
	seen := make([]int, len(confirmed))
	for partition := range 2 {
		r := read(t, c, topic, broker.Progress{Partition: partition})
		want := 0
		for w := partition; w < len(confirmed); w += 2 {
			want += confirmed[w]
		}
		for range want {
			rec := next(t, r)
			var w, n int
			if _, err := fmt.Sscan(string(rec.Body), &w, &n); err != nil || n != seen[w] {
				t.Fatalf("%q, want batch %d of that writer", rec.Body, seen[w])
			}
			seen[w]++
		}
		nothing(t, r)
		doubled += r.Dropped().Doubled
	}
	return doubled
}

// ownAgain owns a log, appends numbers, and whenever it loses its claim claims again
// and goes on behind what it finds. It returns how many were confirmed.
func ownAgain(t testing.TB, c Conn, topic string, appended *atomic.Int64, stop <-chan struct{}) (confirmed int) {
	for !done(stop) {
		o := claim(t, c, topic)
		got := readBack(t, c, topic, o)
		if len(got) < confirmed {
			t.Errorf("%d batches stored, %d were confirmed", len(got), confirmed)
			return confirmed
		}
		for n := len(got); !done(stop); n++ {
			if o.Append(soon(t), payloads(fmt.Sprintf("batch %d", n))...) != nil {
				break
			}
			confirmed = n + 1
			appended.Add(1)
		}
		_ = o.Close()
	}
	return confirmed
}
