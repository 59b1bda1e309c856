package sessionize

import (
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestSendIsBounded: sessions with the longest texts that an event may have go into
// messages that the log takes.
func TestSendIsBounded(t *testing.T) {
	s := newSessionizer(t, shopOptions())
	url := "https://shop.example/?utm_source=" + strings.Repeat("ñ", 8000)
	b := record.Batch{At: start}
	for n := range 1000 {
		e := an("page_view", 0, from(url, "mobile"))
		e.SessionID, e.Source = event.ID{1, byte(n >> 8), byte(n)}, url
		b.Events = append(b.Events, e)
	}
	s.Fold(&b, 1)
	sent := 0
	err := s.Flush(true, func(sessions []record.Session) error {
		sent += len(sessions)
		if n := len(record.AppendPublication(nil, &record.Publication{Sessions: sessions})); n > broker.MaxBody/2 {
			t.Errorf("%d sessions take %d bytes", len(sessions), n)
		}
		return nil
	})
	if err != nil || sent != 1000 {
		t.Errorf("%d sessions are sent (%v)", sent, err)
	}
}

// TestStoresAreBounded: who makes up a store with each event has a session of some
// stores, whether its events are held or summed up.
func TestStoresAreBounded(t *testing.T) {
	s, k := newSessionizer(t, shopOptions()), newSink(t)
	for batch := range 20 {
		b := record.Batch{At: start}
		for n := range 500 {
			e := an("page_view", float64(batch))
			e.EventID = event.ID{2, byte(batch), byte(n >> 8), byte(n)}
			e.StoreID = e.EventID
			b.Events = append(b.Events, e)
		}
		s.Fold(&b, uint64(batch))
		flush(t, s, k)
	}
	session := k.newest[key{someone, start}]
	if session.Events != 10_000 || len(session.Stores) != maxStores {
		t.Errorf("%d events of %d stores, want %d stores", session.Events, len(session.Stores), maxStores)
	}
}

// TestRevenueEnds at what the stores hold.
func TestRevenueEnds(t *testing.T) {
	s, k := newSessionizer(t, shopOptions()), newSink(t)
	b := record.Batch{At: start}
	for n := range 12 {
		b.Events = append(b.Events, an("purchase_completed", float64(n), total("9999999999999999")))
	}
	s.Fold(&b, 1)
	flush(t, s, k)
	if got := k.newest[key{someone, start}].Revenue; got != event.MaxMoney {
		t.Errorf("revenue of %d, want %d", got, int64(event.MaxMoney))
	}
}
