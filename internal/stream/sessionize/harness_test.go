package sessionize

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// start is where time begins in these tests.
var start = time.UnixMilli(1795000000000).UTC()

func shopOptions() Options {
	return Options{
		Timeout: 30 * time.Minute, Longest: 24 * time.Hour, EngagedFor: 10 * time.Second, Lateness: 10 * time.Minute,
		Web:         event.WebTypes(),
		PageViews:   []event.Type{event.PageView, event.StoreVisited, event.ProductViewed},
		FunnelSteps: []event.Type{event.ProductViewed, event.AddToCart, event.CheckoutStarted, event.PurchaseCompleted},
	}
}

func newSessionizer(t testing.TB, o Options) *Sessionizer {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sink keeps what was published, as a sink of the stream does: of each key what has
// the highest revision.
type sink struct {
	t      testing.TB
	newest map[key]record.Session
	// every is all that was ever published, by key and revision.
	every map[key]map[uint64]record.Session
	live  map[event.ID]uint64
}

func newSink(t testing.TB) *sink {
	return &sink{t, map[key]record.Session{}, map[key]map[uint64]record.Session{}, map[event.ID]uint64{}}
}

func (k *sink) send(sessions []record.Session) error {
	if len(sessions) == 0 || len(sessions) > flushSize {
		k.t.Fatalf("%d sessions are sent at once", len(sessions))
	}
	for _, s := range sessions {
		at := key{s.SessionID, s.StartedAt}
		if k.every[at] == nil {
			k.every[at] = map[uint64]record.Session{}
		}
		if before, again := k.every[at][s.Revision]; again && !reflect.DeepEqual(before, s) {
			k.t.Fatalf("two values of revision %d:\n%+v\n%+v", s.Revision, before, s)
		}
		k.every[at][s.Revision] = s
		if before, known := k.newest[at]; !known || s.Revision >= before.Revision {
			if before.Closed && !reflect.DeepEqual(before, s) {
				k.t.Fatalf("a closed session has changed:\n%+v\n%+v", before, s)
			}
			k.newest[at] = s
		}
	}
	return nil
}

// compare wants the published sessions to be these, whatever their revision.
func (k *sink) compare(want map[key]record.Session) {
	k.t.Helper()
	got := 0
	for at, s := range k.newest {
		if s.Gone {
			continue
		}
		got++
		s.Revision, s.Closed = 0, false
		if !reflect.DeepEqual(s, want[at]) {
			k.t.Fatalf("session %v at %v is\n%+v, want\n%+v", at.id, at.at, s, want[at])
		}
	}
	if got != len(want) {
		k.t.Fatalf("%d sessions, want %d", got, len(want))
	}
}

func (k *sink) sendLive(numbers []record.Live) error {
	if len(numbers) == 0 || len(numbers) > liveSize {
		k.t.Fatalf("%d numbers are sent at once", len(numbers))
	}
	for _, l := range numbers {
		if k.live[l.StoreID] = l.Sessions; l.Sessions == 0 {
			delete(k.live, l.StoreID)
		}
	}
	return nil
}

// compareLive wants the published numbers to be those of the published open sessions.
func (k *sink) compareLive() {
	k.t.Helper()
	visitors := map[event.ID]map[event.ID]bool{}
	for at, s := range k.newest {
		if s.Closed || s.Gone {
			continue
		}
		for _, store := range append([]event.ID{{}}, s.Stores...) {
			if visitors[store] == nil {
				visitors[store] = map[event.ID]bool{}
			}
			visitors[store][at.id] = true
		}
	}
	want := map[event.ID]uint64{}
	for store, all := range visitors {
		want[store] = uint64(len(all))
	}
	if !maps.Equal(k.live, want) {
		k.t.Fatalf("live sessions by store are %v, want %v", k.live, want)
	}
}

func flush(t testing.TB, s *Sessionizer, k *sink) {
	t.Helper()
	if err := errors.Join(s.Flush(true, k.send), s.FlushLive(k.sendLive)); err != nil {
		t.Fatal(err)
	}
}

// flushAwaited lets open sessions wait.
func flushAwaited(t testing.TB, s *Sessionizer, k *sink) {
	t.Helper()
	if err := errors.Join(s.Flush(false, k.send), s.FlushLive(k.sendLive)); err != nil {
		t.Fatal(err)
	}
}

func snapshot(t testing.TB, s *Sessionizer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func restored(t testing.TB, o Options, from []byte) *Sessionizer {
	t.Helper()
	s := newSessionizer(t, o)
	if err := s.Restore(bytes.NewReader(from)); err != nil {
		t.Fatal(err)
	}
	return s
}

// wantEmpty wants nothing to be held any more.
func wantEmpty(t testing.TB, s *Sessionizer) {
	t.Helper()
	if got := s.Stats(); got.Visitors != 0 || got.Events != 0 || len(s.names.of) != 0 || len(s.fronts) != 0 || len(s.live.of) != 0 {
		t.Fatalf("when all is closed, %+v, %d names, %d fronts and stores %v are left", got, len(s.names.of), len(s.fronts), s.live.of)
	}
}

var errSend = errors.New("the broker is away")
