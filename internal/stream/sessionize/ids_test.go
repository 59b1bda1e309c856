package sessionize

import (
	"testing"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// drawnID is one of version 4, which begins and ends with these bytes.
func drawnID(from, to byte) event.ID { return event.ID{from, 6: 0x4a, 8: 0x80, 15: to} }

func withID(id event.ID, url string) func(*record.Event) {
	return func(e *record.Event) { e.EventID, e.Context.PageURL = id, url }
}

// TestOneMoment: events of one moment are in the order of their ids, drawn or not,
// whatever the order in which they come.
func TestOneMoment(t *testing.T) {
	// These are in order: the third and the fourth begin alike.
	ids := []event.ID{{1, 15: 9}, drawnID(2, 9), {3, 6: 0x1f, 15: 1}, drawnID(3, 1), {3, 6: 0x50}, drawnID(4, 0)}
	for first := range ids {
		for second := range ids {
			if first == second {
				continue
			}
			s, k := newSessionizer(t, shopOptions()), newSink(t)
			s.Fold(&record.Batch{At: start, Events: []record.Event{an("page_view", 0, withID(ids[first], "https://x/1"))}}, 1)
			s.Fold(&record.Batch{At: start, Events: []record.Event{an("page_view", 0, withID(ids[second], "https://x/2"))}}, 2)
			flush(t, s, k)
			entry, exit := "https://x/1", "https://x/2"
			if second < first {
				entry, exit = exit, entry
			}
			if got := k.newest[key{someone, start}]; got.Events != 2 || got.EntryURL != entry || got.ExitURL != exit {
				t.Errorf("%v and then %v: %d events from %s to %s", ids[first], ids[second], got.Events, got.EntryURL, got.ExitURL)
			}
		}
	}
}

// TestIDsMadeUp: of ids that look drawn and begin alike nobody knows which is first, so
// the second is too late, in one batch or in two; at another moment it is taken.
func TestIDsMadeUp(t *testing.T) {
	one, other := an("page_view", 0, withID(drawnID(1, 1), "https://x/1")), an("page_view", 0, withID(drawnID(1, 2), "https://x/2"))
	after := an("page_view", 1, withID(drawnID(1, 2), "https://x/3"))
	for _, batches := range [][]record.Batch{
		{{At: start, Events: []record.Event{other, one, after}}},
		{{At: start, Events: []record.Event{one}}, {At: start, Events: []record.Event{after, other}}},
	} {
		s, k := newSessionizer(t, shopOptions()), newSink(t)
		for i := range batches {
			s.Fold(&batches[i], uint64(i))
		}
		flush(t, s, k)
		got, late := k.newest[key{someone, start}], s.Stats().TooLate
		if got.Events != 2 || got.EntryURL != "https://x/1" || got.ExitURL != "https://x/3" || late != 1 {
			t.Errorf("%d events from %s to %s, %d too late", got.Events, got.EntryURL, got.ExitURL, late)
		}
	}
}
