package redis

import (
	"maps"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestLiveSessions counts and removes those of one session, of all stores, and goes on
// with what the streams say next.
func TestLiveSessions(t *testing.T) {
	target := start(t)
	at := time.UnixMilli(1795000000123)
	open := func(session byte, ended time.Duration, closed bool, stores ...event.ID) record.Session {
		return record.Session{SessionID: id(session), StartedAt: at, EndedAt: at.Add(ended), Revision: uint64(ended), Closed: closed, Stores: stores}
	}
	apply(t, target, 0, 0, &record.Publication{Sessions: []record.Session{open(1, 1, false, id(7), id(8)), open(2, 1, false, id(7))}})
	his := func(session [16]byte) bool { return event.ID(session) == id(1) }
	count := func(remove bool, want uint64) {
		t.Helper()
		if n, err := target.LiveSessions(t.Context(), his, remove); err != nil || n != want {
			t.Errorf("%d members, want %d (%v)", n, want, err)
		}
	}
	list := func(store event.ID) map[string]float64 { return scores(target.client, liveSessions+store.String()) }
	before := list(id(7))
	count(false, 3)
	count(true, 3)
	count(true, 0)
	delete(before, id(1).String()+"/1795000000123")
	if got := list(id(7)); len(got) != 1 || !maps.Equal(got, before) {
		t.Errorf("the other's session: %v, want %v", got, before)
	}
	if got := list(id(8)); len(got) != 0 {
		t.Errorf("a store of his alone: %v", got)
	}
	apply(t, target, 0, 1, &record.Publication{Sessions: []record.Session{open(1, time.Minute, false, id(7))}})
	count(false, 2)
	apply(t, target, 0, 2, &record.Publication{Sessions: []record.Session{open(1, 2*time.Minute, true, id(7))}})
	count(false, 0)
}
