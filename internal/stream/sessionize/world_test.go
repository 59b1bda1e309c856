package sessionize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// world makes random events and batches.
type world struct {
	*rand.Rand
	o Options
}

func (w *world) id(kind byte, n int) event.ID {
	return event.ID{kind, 15: byte(w.IntN(n))}
}

// drawn makes every other id one of those that are drawn.
func (w *world) drawn(id event.ID) event.ID {
	if w.IntN(2) == 0 {
		id[6] = 0x40 | id[6]&0x0f
	}
	return id
}

func (w *world) gap() time.Duration {
	switch w.IntN(8) {
	case 0, 1:
		return 0
	case 2:
		return w.o.Timeout
	case 3:
		return w.o.Timeout + time.Millisecond
	case 4:
		return 2 * w.o.Timeout
	}
	return time.Duration(w.IntN(int(w.o.Timeout/time.Millisecond))) * time.Millisecond
}

func (w *world) events(sessions, each int) []record.Event {
	var all []record.Event
	for id := range sessions {
		at := start.Add(time.Duration(w.IntN(7200_000)) * time.Millisecond)
		for range 1 + w.IntN(each) {
			at = at.Add(w.gap())
			all = append(all, w.event(event.ID{1, 15: byte(id)}, at))
		}
	}
	return all
}

func (w *world) event(session event.ID, at time.Time) record.Event {
	pick := func(of ...string) string { return of[w.IntN(len(of))] }
	types := append(event.WebTypes(), event.ProductViewed, event.AddToCart, event.CheckoutStarted, event.PurchaseCompleted)
	e := record.Event{Country: pick("", "MX", "ES"), Source: pick("direct", "search", "a\x00b"), Bot: w.IntN(30) == 0, Unsettled: w.IntN(30) == 0}
	e.EventID, e.SessionID, e.Timestamp = event.ID{byte(w.Uint32()), 8: byte(w.Uint32()), 15: byte(w.Uint32())}, session, at
	for i := range 4 {
		e.EventID[4+i] = byte(w.Uint32())
	}
	e.EventID = w.drawn(e.EventID)
	e.Type = types[w.IntN(len(types))]
	if w.IntN(20) == 0 {
		e.Type = event.PaymentFailed
	}
	if w.IntN(2) == 0 {
		e.UserID = w.id(2, 3)
	}
	if w.IntN(2) == 0 {
		e.StoreID = w.id(3, 3)
	}
	if w.IntN(2) == 0 {
		e.Context.PageViewID = w.drawn(event.ID{4, 5: byte(w.IntN(4))})
	}
	e.Context.PageURL, e.Context.DeviceType = pick("", "https://x/a", "https://x/b"), event.Device(pick("mobile", "desktop", ""))
	e.Context.OS, e.Context.Browser = pick("iOS", "Android"), pick("Safari", "Chrome")
	e.Properties = fmt.Appendf(nil, `{"items":[{"total":1}],"total":%d.%d}`, w.IntN(1000), w.IntN(1000))
	return e
}

// batches puts events in an order in which they may arrive, no later than late, cuts
// it into batches and lets ticks come between; the last one closes everything.
func (w *world) batches(all []record.Event, late time.Duration) []record.Batch {
	type arriving struct {
		record.Event
		at time.Time
	}
	var coming []arriving
	for _, e := range all {
		delay := time.Duration(w.Int64N(late.Milliseconds()+1)) * time.Millisecond
		coming = append(coming, arriving{e, e.Timestamp.Add(delay)})
	}
	slices.SortStableFunc(coming, func(a, b arriving) int { return a.at.Compare(b.at) })
	var batches []record.Batch
	most := 1 + w.IntN(20)
	for len(coming) > 0 {
		n := min(1+w.IntN(most), len(coming))
		b := record.Batch{At: coming[n-1].at}
		for _, c := range coming[:n] {
			b.Events = append(b.Events, c.Event)
		}
		w.Shuffle(n, func(i, j int) { b.Events[i], b.Events[j] = b.Events[j], b.Events[i] })
		batches = append(batches, b)
		if coming = coming[n:]; len(coming) > 0 && w.IntN(3) == 0 {
			between := coming[0].at.Sub(b.At).Milliseconds()
			batches = append(batches, record.Batch{Kind: record.Tick, At: b.At.Add(time.Duration(w.Int64N(between+1)) * time.Millisecond)})
		}
	}
	end := batches[len(batches)-1].At.Add(48 * time.Hour)
	return append(batches, record.Batch{Kind: record.Tick, At: end})
}

func newWorld(seed uint64) *world {
	w := &world{rand.New(rand.NewPCG(seed, 7)), shopOptions()}
	w.o.Timeout = time.Duration(1+w.IntN(60)) * time.Minute
	w.o.Longest = time.Duration(1+w.IntN(300)) * time.Minute
	w.o.Lateness = time.Duration(w.IntN(180)) * time.Minute
	if w.IntN(3) == 0 {
		w.o.FunnelSteps = []event.Type{event.ProductViewed, event.ProductViewed, event.PurchaseCompleted}
	}
	return w
}
