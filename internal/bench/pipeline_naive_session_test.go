package bench

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// The project's vars, and how long a session's change may wait that nobody waits for.
const (
	naiveTimeout = 30 * time.Minute
	naiveLongest = 24 * time.Hour
	naiveEngaged = 10 * time.Second
	naiveShow    = 5 * time.Minute
	naiveSweep   = time.Minute
)

// naiveFunnel is funnel_steps.
var naiveFunnel = []event.Type{event.ProductViewed, event.AddToCart, event.CheckoutStarted, event.PurchaseCompleted}

// naiveSession has the columns of a session, and how it stands.
type naiveSession struct {
	id, user                                 uuid.UUID
	started, ended                           time.Time
	events, pageViews, viewEvents, revenue   int64 // revenue in hundredths
	entry, exit, device, os, browser, source string
	stores                                   []uuid.UUID
	product, cart, checkout, purchase        bool
	afterCart, afterCheckout, closed         bool
	step                                     uint8
	pages                                    []event.ID // loads that were counted
	exitBytes                                []byte     // the exit, written over by each event
	shown                                    time.Time
	written, waiting, changed                bool // once; with the next batch; since it was shown
}

func (s *naiveSession) bounced() bool { return s.pageViews == 1 && s.events == s.viewEvents }

func (s *naiveSession) engaged() bool {
	return s.ended.Sub(s.started) > naiveEngaged || s.pageViews >= 2 || s.cart || s.checkout || s.purchase
}

// add folds an event in as it comes, and says whether people wait for what it changes.
func (s *naiveSession) add(ev *event.BaseEvent) (tell bool) {
	tell = s.events == 0
	s.events, s.changed = s.events+1, true
	if ev.Timestamp.After(s.ended) {
		s.ended = ev.Timestamp
	}
	s.exitBytes = append(s.exitBytes[:0], ev.Context.PageURL...)
	if s.user == (uuid.UUID{}) {
		s.user = uuid.UUID(ev.UserID)
	}
	if store := uuid.UUID(ev.StoreID); !ev.StoreID.IsZero() && !slices.Contains(s.stores, store) {
		s.stores = append(s.stores, store)
	}
	if int(s.step) <= len(naiveFunnel) && ev.Type == naiveFunnel[s.step-1] {
		s.step++
	}
	switch ev.Type {
	case event.PageView, event.StoreVisited, event.ProductViewed:
		s.product = s.product || ev.Type == event.ProductViewed
		s.view(ev.Context.PageViewID)
	case event.AddToCart:
		s.cart = true
	case event.CheckoutStarted:
		s.checkout = true
	case event.PurchaseCompleted:
		var basket event.Basket
		basket.Read(ev.Properties)
		s.revenue, tell = s.revenue+basket.Total, true
		s.purchase, s.afterCart, s.afterCheckout = true, s.cart, s.checkout
	}
	return tell
}

// view counts a page load once.
func (s *naiveSession) view(page event.ID) {
	s.viewEvents++
	if !page.IsZero() {
		if slices.Contains(s.pages, page) {
			return
		}
		s.pages = append(s.pages, page)
	}
	s.pageViews++
}
