package aggregate

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestOneOrder: whatever was flushed before, a flush keeps to the order in which
// windows came to be.
func TestOneOrder(t *testing.T) {
	log := someLog(rand.New(rand.NewPCG(8, 9)), 100)
	once, often := New(someOptions()), New(someOptions())
	for i := range log {
		once.Fold(&log[i], uint64(i))
	}
	place := map[record.Window]int{}
	for i, u := range flush(t, once, true) {
		place[u.Window] = i
	}
	for i := range log {
		often.Fold(&log[i], uint64(i))
		sent := flush(t, often, i%30 == 0)
		if !slices.IsSortedFunc(sent, func(a, b record.Update) int { return place[a.Window] - place[b.Window] }) {
			t.Fatalf("after batch %d: another order", i)
		}
	}
}

func TestWindowsGo(t *testing.T) {
	a := New(someOptions())
	fold := func(at time.Time, n uint64) {
		e := someEvent(rand.New(rand.NewPCG(1, 1)), at)
		e.Type, e.Bot, e.Unsettled, e.Timestamp = event.PageView, false, false, at
		a.Fold(&record.Batch{At: at, Events: []record.Event{e}}, n)
	}
	fold(begin, 1)
	held := a.Stats().Windows
	fold(begin.AddDate(0, 0, 3), 2)
	if s := a.Stats(); s.Windows != 2*held {
		t.Errorf("%d windows, want %d: what is not sent must stay", s.Windows, 2*held)
	}
	flush(t, a, true)
	if s := a.Stats(); s.Windows != held {
		t.Errorf("%d windows, want %d", s.Windows, held)
	}
	fold(begin, 3)
	if s := a.Stats(); s.Windows != held || s.LateMinutes != 1 || s.LateDays != 1 {
		t.Errorf("%+v", s)
	}
}

// TestSlowFlush wants a store's counts with each flush, and sketches, products and
// sources every slowEvery: of each the latest state.
func TestSlowFlush(t *testing.T) {
	const every = int(slowEvery / time.Second)
	a := New(someOptions())
	sent := map[record.Window][]int{}
	for i := range 5 * every {
		at := begin.Add(time.Duration(i) * time.Second)
		e := record.Event{}
		e.Type, e.Timestamp, e.SessionID, e.Source = event.ProductViewed, at, id('s', i), "search"
		a.Fold(&record.Batch{At: at, Events: []record.Event{e}}, uint64(i))
		stores := 0
		for _, u := range flush(t, a, i == every+3) {
			if u.By == record.ByStoreSource && u.Grain == record.Day && (u.Views != uint64(i)+1 || u.Visitors == nil) {
				t.Errorf("%+v", u)
			}
			if u.By == record.ByStore && u.Grain == record.Day {
				stores++
			}
			if u.Grain == record.Day && u.Visitors != nil {
				sent[u.Window] = append(sent[u.Window], i)
			}
		}
		if stores != 1 {
			t.Errorf("%d updates of the day", stores)
		}
	}
	for w, times := range sent {
		want := []int{0, every + 3}
		for turn := times[1]; turn < 5*every; turn += every {
			want = append(want, turn)
		}
		slices.Sort(want)
		if times[1] > every || !slices.Equal(times, slices.Compact(want)) {
			t.Errorf("%+v went after %v, want %v", w, times, want)
		}
	}
	if len(sent) != 2 {
		t.Errorf("%d windows of the day, want the platform's and that of its source", len(sent))
	}
}

// TestMinutesWait: the minutes of products go once, after their end, as they are then,
// and again when a late event changes them; those of stores go all the time.
func TestMinutesWait(t *testing.T) {
	a := New(someOptions())
	first := begin.Truncate(time.Minute)
	views, stores := []uint64{}, 0
	for i := range 150 {
		at := first.Add(time.Duration(i) * time.Second)
		b := record.Batch{At: at}
		if i < 60 || i == 100 {
			e := record.Event{}
			e.Type, e.Timestamp, e.SessionID, e.StoreID = event.ProductViewed, first.Add(time.Duration(i%60)*time.Second), id('s', i), id('t', 1)
			e.Properties = []byte(`{"product_id":"` + id('p', 1).String() + `"}`)
			b.Events = append(b.Events, e)
		}
		a.Fold(&b, uint64(i))
		for _, u := range flush(t, a, false) {
			switch {
			case u.Grain == record.Minute && u.By == record.ByProduct:
				views = append(views, u.Views)
				if i < 60 {
					t.Errorf("%+v went in second %d", u, i)
				}
			case u.Grain == record.Minute && u.By == record.ByStore && u.StoreID == id('t', 1):
				stores++
			}
		}
	}
	if !slices.Equal(views, []uint64{60, 61}) || stores < 61 {
		t.Errorf("the product's minute went with views %v, the store's %d times", views, stores)
	}
}

// TestTurns: what is slow does not go all at once, which would keep the sinks busy.
func TestTurns(t *testing.T) {
	const stores = 400
	a := New(someOptions())
	for i := range 60 {
		at := begin.Add(time.Duration(i) * slowEvery / slots)
		b := record.Batch{At: at}
		for n := range stores {
			e := record.Event{}
			e.Type, e.Timestamp, e.SessionID, e.StoreID = event.ProductViewed, at, id('s', i*stores+n), id('t', n)
			b.Events = append(b.Events, e)
		}
		a.Fold(&b, uint64(i))
		sketches := 0
		for _, u := range flush(t, a, false) {
			if u.Visitors != nil && u.Grain == record.Day && u.By == record.ByStore {
				sketches++
			}
		}
		if i > 0 && (sketches < stores/slots/2 || sketches > stores/slots*2) {
			t.Errorf("%d sketches of %d stores went with flush %d", sketches, stores, i)
		}
	}
}

func TestSendIsBounded(t *testing.T) {
	a := New(someOptions())
	b := record.Batch{At: begin}
	for i := range 30_000 {
		e := record.Event{Source: "direct"}
		e.Type, e.Timestamp, e.SessionID, e.StoreID = event.PageView, begin, id('s', i), id('t', i%4000)
		b.Events = append(b.Events, e)
	}
	a.Fold(&b, 5)
	calls, updates := 0, 0
	err := a.Flush(true, func(all []record.Update) error {
		calls++
		updates += len(all)
		if size := len(record.AppendPublication(nil, &record.Publication{Updates: all})); len(all) > maxUpdates || size > 2*maxText {
			t.Errorf("%d updates, %d bytes", len(all), size)
		}
		return nil
	})
	if err != nil || updates != 4*4001 || calls < 17 {
		t.Errorf("%d updates in %d calls (%v)", updates, calls, err)
	}
}
