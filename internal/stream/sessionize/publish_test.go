package sessionize

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestOpenSessionsWait: what people wait for is published with the next flush, what
// else changes in an open session within five minutes, across a restart too.
func TestOpenSessionsWait(t *testing.T) {
	s, revision := newSessionizer(t, shopOptions()), uint64(0)
	at := func(id byte) func(*record.Event) { return func(e *record.Event) { e.StoreID = event.ID{id} } }
	for _, step := range []struct {
		minute float64 // of the enricher's clock, and of the event if there is one
		event  event.Type
		store  byte
		want   []uint64 // events of the published sessions
	}{
		{0, event.PageView, 0, []uint64{1}}, // it begins
		{1, event.PageView, 0, nil},         // it goes on
		{2, event.StoreVisited, 7, nil},     // to a store
		{4.9, "", 0, nil},                   // a tick, too soon
		{5, "", 0, []uint64{3}},             // five minutes after it was published
		{6, event.PageView, 0, nil},
		{7, event.ProductViewed, 7, nil},
		{7.5, event.ProductViewed, 7, nil},
		{8, event.ProductViewed, 7, nil},
		{9, event.PurchaseCompleted, 7, []uint64{8}},
		{10, event.PageView, 7, nil},
		{13, event.PageView, 7, nil},
		{14, event.PageView, 7, []uint64{11}},
		{60, event.PageView, 7, []uint64{11, 1}}, // a session ends, another begins
		{66, event.PageView, 7, []uint64{2}},
	} {
		revision++
		b := record.Batch{Kind: record.Tick, At: start.Add(time.Duration(step.minute * float64(time.Minute)))}
		if step.event != "" {
			b.Kind, b.Events = record.Data, []record.Event{an(step.event, step.minute*60, at(step.store))}
		}
		s.Fold(&b, revision)
		var got []uint64
		if err := s.Flush(false, func(sessions []record.Session) error {
			for i := range sessions {
				got = append(got, sessions[i].Events)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, step.want) {
			t.Errorf("minute %v: sessions of %v events are published, want %v", step.minute, got, step.want)
		}
		s = restored(t, shopOptions(), snapshot(t, s))
	}
	if got := fmt.Sprint(len(published(t, s, everything)), len(published(t, s, everything))); got != "0 0" {
		t.Errorf("%s sessions are left over", got)
	}
}
