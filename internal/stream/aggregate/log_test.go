package aggregate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

var (
	begin = time.Date(2026, 3, 7, 23, 50, 0, 0, time.UTC)
	lima  = mustLoad("America/Lima") // five hours behind, no summer time
)

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func id(kind byte, n int) event.ID {
	var id event.ID
	id[0] = kind
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return id
}

func properties(r *rand.Rand, t event.Type) string {
	product := func() string { return id('p', r.IntN(4)).String() }
	if r.IntN(15) == 0 {
		return []string{``, `{}`, `{"items":5,"total":"x"}`, `{"total":7,`, `{"items":[{}],"product_id":""}`}[r.IntN(5)]
	}
	switch t {
	case event.ProductViewed, event.AddToCart:
		return `{"a":[{"total":1}],"product_id":"` + product() + `","total":3}`
	case event.CheckoutStarted, event.PurchaseCompleted:
		items := ""
		for range 1 + r.IntN(3) {
			items += fmt.Sprintf(`,{"product_id":"%s","quantity":%d,"price":%d.%d}`, product(), r.IntN(4), r.IntN(50), r.IntN(1000))
		}
		return fmt.Sprintf(`{"total":%d.%02d,"items":[%s]}`, r.IntN(1000), r.IntN(100), items[1:])
	}
	return `{}`
}

// someEvent is an event of about a time; one in a few is odd or late.
func someEvent(r *rand.Rand, at time.Time) record.Event {
	types := event.Types()
	e := record.Event{Source: []string{"", "direct", "search"}[r.IntN(3)], Bot: r.IntN(20) == 0, Unsettled: r.IntN(20) == 0}
	e.Type = types[r.IntN(len(types))]
	e.Timestamp = at.Add(-time.Duration(r.IntN(90_000)) * time.Millisecond)
	if r.IntN(8) == 0 {
		e.Timestamp = at.Add(-time.Duration(r.IntN(3*24*60)) * time.Minute)
	}
	e.SessionID = id('s', r.IntN(60))
	if r.IntN(2) == 0 {
		e.UserID = id('u', r.IntN(20))
	}
	if r.IntN(6) > 0 {
		e.StoreID = id('t', r.IntN(3))
	}
	e.Properties = []byte(properties(r, e.Type))
	return e
}

// someLog is batches of events over a few days, with pauses in which only ticks come.
func someLog(r *rand.Rand, batches int) []record.Batch {
	at := begin
	log := make([]record.Batch, batches)
	for i := range log {
		b := &log[i]
		at = at.Add(time.Duration(r.IntN(8_000)) * time.Millisecond)
		if r.IntN(25) == 0 {
			at = at.Add(time.Duration(r.IntN(10*60)) * time.Minute)
		}
		b.At = at
		if r.IntN(5) == 0 {
			b.Kind = record.Tick
			continue
		}
		for range r.IntN(12) {
			b.Events = append(b.Events, someEvent(r, at))
		}
	}
	return log
}
