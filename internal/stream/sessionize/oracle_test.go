package sessionize

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// key names a session.
type key struct {
	id event.ID
	at time.Time
}

// oracle is what KPIS.md says, written as plainly as can be.
func oracle(o Options, events []record.Event) map[key]record.Session {
	byID := map[event.ID][]record.Event{}
	for _, e := range events {
		if slices.Contains(o.Web, e.Type) && !e.Bot && !e.Unsettled && e.SessionID != (event.ID{}) {
			byID[e.SessionID] = append(byID[e.SessionID], e)
		}
	}
	sessions := map[key]record.Session{}
	for id, all := range byID {
		for _, island := range islandsOf(o, all) {
			start := island[0].Timestamp
			parts := map[time.Duration][]record.Event{}
			for _, e := range island {
				n := e.Timestamp.Sub(start) / o.Longest
				parts[n] = append(parts[n], e)
			}
			for _, part := range parts {
				sessions[key{id, part[0].Timestamp}] = describe(o, part)
			}
		}
	}
	return sessions
}

func islandsOf(o Options, all []record.Event) (islands [][]record.Event) {
	slices.SortFunc(all, func(a, b record.Event) int {
		return cmp.Or(a.Timestamp.Compare(b.Timestamp), bytes.Compare(a.EventID[:], b.EventID[:]))
	})
	from := 0
	for i := 1; i <= len(all); i++ {
		if i == len(all) || all[i].Timestamp.Sub(all[i-1].Timestamp) > o.Timeout {
			islands = append(islands, all[from:i])
			from = i
		}
	}
	return islands
}

func describe(o Options, events []record.Event) record.Session {
	first, last := events[0], events[len(events)-1]
	s := record.Session{
		SessionID: first.SessionID, StartedAt: first.Timestamp, EndedAt: last.Timestamp, Events: uint64(len(events)),
		EntryURL: first.Context.PageURL, ExitURL: last.Context.PageURL, Device: first.Context.DeviceType,
		OS: first.Context.OS, Browser: first.Context.Browser, Country: first.Country, Source: first.Source,
	}
	loads, onlyViews := map[event.ID]bool{}, true
	revenue := decimal.Zero
	for _, e := range events {
		if s.UserID == (event.ID{}) {
			s.UserID = e.UserID
		}
		if e.StoreID != (event.ID{}) && !slices.Contains(s.Stores, e.StoreID) {
			s.Stores = append(s.Stores, e.StoreID)
		}
		if slices.Contains(o.PageViews, e.Type) {
			if e.Context.PageViewID == (event.ID{}) || !loads[e.Context.PageViewID] {
				s.PageViews++
			}
			loads[e.Context.PageViewID] = true
		} else {
			onlyViews = false
		}
		if e.Type == event.PurchaseCompleted {
			var p struct {
				Total decimal.Decimal `json:"total"`
			}
			if err := json.Unmarshal(e.Properties, &p); err != nil {
				panic(err)
			}
			revenue = revenue.Add(p.Total.Truncate(2))
		}
	}
	s.Revenue = revenue.Shift(2).IntPart()
	has := func(kind event.Type) bool { return then(events, kind) }
	s.HasProductView, s.HasCart = has(event.ProductViewed), has(event.AddToCart)
	s.HasCheckout, s.HasPurchase = has(event.CheckoutStarted), has(event.PurchaseCompleted)
	s.PurchaseAfterCart = then(events, event.AddToCart, event.PurchaseCompleted)
	s.PurchaseAfterCheckout = then(events, event.CheckoutStarted, event.PurchaseCompleted)
	s.Bounced = s.PageViews == 1 && onlyViews
	s.Engaged = s.Duration() > o.EngagedFor || s.PageViews >= 2 || s.HasCart || s.HasCheckout || s.HasPurchase
	for s.ReachedStep = 1; int(s.ReachedStep) <= len(o.FunnelSteps) && then(events, o.FunnelSteps[:s.ReachedStep]...); {
		s.ReachedStep++
	}
	return s
}

// then says whether these kinds come in this order, each at or after the one
// before.
func then(events []record.Event, kinds ...event.Type) bool {
	var since time.Time
	for _, kind := range kinds {
		i := slices.IndexFunc(events, func(e record.Event) bool { return e.Type == kind && !e.Timestamp.Before(since) })
		if i < 0 {
			return false
		}
		since = events[i].Timestamp
	}
	return true
}
