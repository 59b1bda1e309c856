package aggregate

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

func someOptions() Options {
	return Options{Lateness: 2 * time.Minute, Keep: 90 * time.Minute, Location: lima, Web: event.Type.Web}
}

// copied keeps what a flush sends.
func copied(into *[]record.Update) func([]record.Update) error {
	return func(updates []record.Update) error {
		for _, u := range updates {
			u.Visitors = bytes.Clone(u.Visitors)
			*into = append(*into, u)
		}
		return nil
	}
}

func flush(t *testing.T, a *Aggregator, all bool) (sent []record.Update) {
	t.Helper()
	if err := a.Flush(all, copied(&sent)); err != nil {
		t.Fatal(err)
	}
	return sent
}

// again is an Aggregator made of another's snapshot.
func again(t *testing.T, a *Aggregator) *Aggregator {
	t.Helper()
	var snapshot, second bytes.Buffer
	if err := a.Snapshot(&snapshot); err != nil {
		t.Fatal(err)
	}
	b := New(a.options)
	// What is there already must go.
	b.Fold(&record.Batch{Events: []record.Event{someEvent(rand.New(rand.NewPCG(1, 1)), begin)}}, 1)
	if err := b.Restore(bytes.NewReader(append(snapshot.Bytes(), "something else"...))); err != nil {
		t.Fatal(err)
	}
	if err := b.Snapshot(&second); err != nil || !bytes.Equal(snapshot.Bytes(), second.Bytes()) {
		t.Errorf("the snapshot of what was restored is another (%v)", err)
	}
	return b
}

// TestAgainstBruteForce runs logs with flushes, failed flushes and restarts at random
// points: every value ever sent must be the one that the brute force has for its
// window and revision, and the last one of each window the last it has.
func TestAgainstBruteForce(t *testing.T) {
	for round := range uint64(25) {
		r := rand.New(rand.NewPCG(round, 7))
		log := someLog(r, 150)
		want := newBrute(someOptions())
		for i := range log {
			want.fold(&log[i], uint64(i)*3)
		}
		a := New(someOptions())
		var sent []record.Update
		for i, kept := 0, 0; i < len(log); i++ {
			a.Fold(&log[i], uint64(i)*3)
			switch r.IntN(12) {
			case 0, 1, 2:
				sent = append(sent, flush(t, a, false)...)
			case 3:
				if err := a.Flush(true, func([]record.Update) error { return errors.New("no") }); err == nil && a.Stats().Unsent > 0 {
					t.Error("the error of send is gone")
				}
			case 4: // a snapshot, and more that is folded and sent, and then lost
				sent = append(sent, flush(t, a, true)...)
				next := again(t, a)
				for kept = i + 1; kept < min(i+10, len(log)); kept++ {
					a.Fold(&log[kept], uint64(kept)*3)
				}
				sent = append(sent, flush(t, a, false)...)
				a = next
			}
		}
		sent = append(sent, flush(t, a, true)...)
		check(t, want, sent)
		if s := a.Stats(); s.Unsent != 0 || s.LateMinutes != want.tooLate[0] || s.LateDays != want.tooLate[1] || s.LateDays == 0 {
			t.Errorf("%+v, want too late %v", s, want.tooLate)
		}
		if !a.Watermark().Equal(want.clock.Watermark(a.options.Lateness)) {
			t.Errorf("watermark %v", a.Watermark())
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

func check(t *testing.T, want *brute, sent []record.Update) {
	t.Helper()
	highest, visitors := map[record.Window]record.Update{}, map[record.Window]record.Update{}
	for _, u := range sent {
		v, ok := want.values[u.Window][u.Revision]
		if !ok || v.Counts != u.Counts || u.Visitors != nil && string(u.Visitors) != v.visitors {
			t.Errorf("%+v of revision %d: %+v, want %+v", u.Window, u.Revision, u.Counts, v.Counts)
		}
		if u.Revision >= highest[u.Window].Revision {
			highest[u.Window] = u
		}
		if u.Visitors != nil && u.Revision >= visitors[u.Window].Revision {
			visitors[u.Window] = u
		}
	}
	if len(highest) != len(want.at) {
		t.Errorf("%d windows were sent of %d", len(highest), len(want.at))
	}
	for w, whole := range want.at {
		if highest[w].Counts != whole.Counts || string(visitors[w].Visitors) != string(whole.visitors.AppendRedis(nil)) {
			t.Errorf("%+v is at last %+v, want %+v", w, highest[w].Counts, whole.Counts)
		}
	}
}

// TestSameOrder: flushes at the same places send the same, restarted or not.
func TestSameOrder(t *testing.T) {
	log := someLog(rand.New(rand.NewPCG(3, 4)), 120)
	straight, restarted := New(someOptions()), New(someOptions())
	for i := range log {
		straight.Fold(&log[i], uint64(i))
		restarted.Fold(&log[i], uint64(i))
		if i%10 != 0 {
			continue
		}
		want, got := flush(t, straight, true), flush(t, restarted, true)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("after batch %d: other updates", i)
		}
		restarted = again(t, restarted)
	}
}
