package sessionize

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestSameAsOracle: after every batch, what was published is what the oracle makes
// of the events so far, and the same once all is closed.
func TestSameAsOracle(t *testing.T) {
	for seed := range uint64(200) {
		w := newWorld(seed)
		all := w.events(1+w.IntN(4), 60)
		batches := w.batches(all, w.o.Lateness)
		s, k := newSessionizer(t, w.o), newSink(t)
		var so []record.Event
		for i := range batches {
			s.Fold(&batches[i], uint64(i))
			so = append(so, batches[i].Events...)
			switch w.IntN(4) {
			case 0:
				flush(t, s, k)
				k.compare(oracle(w.o, so))
				k.compareLive()
			case 1:
				flushAwaited(t, s, k)
			}
		}
		flush(t, s, k)
		k.compare(oracle(w.o, all))
		wantEmpty(t, s)
		if n := s.Stats().TooLate; n != 0 {
			t.Fatalf("seed %d: %d events were too late", seed, n)
		}
		for _, session := range k.newest {
			if !session.Closed && !session.Gone {
				t.Fatalf("seed %d: %+v was never closed", seed, session)
			}
		}
	}
}

// forgetShown leaves out of the state what depends on when it was flushed.
func forgetShown(s *Sessionizer) {
	for i := range s.visitors.all() {
		s.visitors.at(i).shown = 0
	}
}

// TestRestart: a process that dies at any moment and begins again at a snapshot
// ends as one that lived, and publishes the same of each revision.
func TestRestart(t *testing.T) {
	for seed := range uint64(200) {
		w := newWorld(seed)
		late := w.o.Lateness
		if w.IntN(2) == 0 {
			late = 3 * (late + time.Minute) // some will be too late
		}
		batches := w.batches(w.events(1+w.IntN(4), 60), late)
		s, k := newSessionizer(t, w.o), newSink(t)
		saved, at := snapshot(t, s), 0
		deaths := 10
		for i := 0; i < len(batches); i++ {
			s.Fold(&batches[i], uint64(i))
			if w.IntN(2) == 0 {
				flushAwaited(t, s, k)
				if w.IntN(3) == 0 {
					saved, at = snapshot(t, s), i+1
				}
			}
			if w.IntN(8) == 0 && deaths > 0 {
				deaths--
				s, i = restored(t, w.o, saved), at-1
			}
		}
		flush(t, s, k)
		k.compareLive()
		straight, once := newSessionizer(t, w.o), newSink(t)
		for i := range batches {
			straight.Fold(&batches[i], uint64(i))
			flush(t, straight, k)
			flush(t, straight, once)
		}
		forgetShown(s)
		forgetShown(straight)
		if !bytes.Equal(snapshot(t, s), snapshot(t, straight)) {
			t.Fatalf("seed %d: another state than without a restart", seed)
		}
	}
}

// TestTooLate: sessions are those of the events that a plain reading of the rule
// takes, and closed ones never change.
func TestTooLate(t *testing.T) {
	refused := uint64(0)
	for seed := range uint64(200) {
		w := newWorld(seed)
		batches := w.batches(w.events(1+w.IntN(4), 60), 3*(w.o.Lateness+time.Minute))
		s, k := newSessionizer(t, w.o), newSink(t)
		var taken []record.Event
		tooLate := uint64(0)
		for i := range batches {
			before := slices.Clone(taken)
			for _, e := range batches[i].Events {
				switch {
				case len(oracle(w.o, []record.Event{e})) == 0:
				case mayJoin(w.o, s.Watermark(), before, e):
					taken = append(taken, e)
				default:
					tooLate++
				}
			}
			s.Fold(&batches[i], uint64(i))
			flush(t, s, k)
			if got := s.Stats().TooLate; got != tooLate {
				t.Fatalf("seed %d, batch %d: %d events are too late, want %d", seed, i, got, tooLate)
			}
			k.compare(oracle(w.o, taken))
		}
		wantEmpty(t, s)
		refused += tooLate
	}
	if refused < 200 {
		t.Errorf("only %d events were too late: the test tests nothing", refused)
	}
}

func mayJoin(o Options, watermark time.Time, taken []record.Event, e record.Event) bool {
	if !e.Timestamp.Before(watermark) {
		return true
	}
	mine := slices.DeleteFunc(slices.Clone(taken), func(other record.Event) bool { return other.SessionID != e.SessionID })
	for _, island := range islandsOf(o, mine) {
		from, to := island[0].Timestamp, island[len(island)-1].Timestamp
		closed := slices.ContainsFunc(island, func(held record.Event) bool {
			cut := from.Add((held.Timestamp.Sub(from)/o.Longest + 1) * o.Longest)
			return !watermark.Before(cut) && e.Timestamp.Before(cut)
		})
		if !closed && !e.Timestamp.Before(from) && !watermark.After(to.Add(o.Timeout)) {
			return true
		}
	}
	return false
}
