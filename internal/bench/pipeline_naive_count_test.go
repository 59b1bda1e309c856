package bench

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// naiveSource is where a visitor comes from.
func naiveSource(ev *event.BaseEvent) string {
	if _, after, tagged := strings.Cut(ev.Context.PageURL, "utm_source="); tagged {
		source, _, _ := strings.Cut(after, "&")
		return source
	}
	if _, after, linked := strings.Cut(ev.Context.Referrer, "://"); linked {
		host, _, _ := strings.Cut(after, "/")
		return host
	}
	return "direct"
}

// count adds an event to its windows, by the same rules as the streams.
func (g *naiveGather) count(ev *event.BaseEvent, source string) {
	var c counts
	switch ev.Type {
	case event.ProductViewed:
		c.views = 1
	case event.AddToCart:
		c.carts = 1
	case event.CheckoutStarted:
		c.checkouts = 1
	case event.PurchaseCompleted:
		c.purchases = 1
	}
	at := window{start: ev.Timestamp.Unix() / 60 * 60}
	if c != (counts{}) {
		g.countProducts(ev, &c, at)
	}
	visitor := ev.UserID
	if visitor.IsZero() {
		visitor = ev.SessionID
	}
	stores := [2]uuid.UUID{1: uuid.UUID(ev.StoreID)}
	for i, store := range stores {
		if i > 0 && ev.StoreID.IsZero() {
			continue
		}
		at.by, at.store = "store", store
		w := naiveWindow{window: at}
		g.stores.at(w).add(c)
		g.visitors.add(w, visitor)
		if at.by, at.source = "store_source", source; c != (counts{}) {
			g.rest.at(naiveWindow{window: at}).add(c)
		}
		at.source = ""
	}
}

// countProducts adds what an event says of products, each of them once, and completes
// what it counts.
func (g *naiveGather) countProducts(ev *event.BaseEvent, c *counts, at window) {
	g.basket.Read(ev.Properties)
	at.by, at.store = "product", uuid.UUID(ev.StoreID)
	if at.product = uuid.UUID(g.basket.ProductID); !g.basket.ProductID.IsZero() {
		g.rest.at(naiveWindow{window: at}).add(*c)
	}
	for i := range g.basket.Items {
		item, one := &g.basket.Items[i], counts{checkouts: c.checkouts, purchases: c.purchases}
		if slices.ContainsFunc(g.basket.Items[:i], func(before event.BasketItem) bool { return before.ProductID == item.ProductID }) {
			one = counts{}
		}
		if c.purchases > 0 {
			one.units, one.revenue = int64(item.Quantity), item.Amount()
			c.units += one.units
		}
		at.product = uuid.UUID(item.ProductID)
		g.rest.at(naiveWindow{window: at}).add(one)
	}
	if c.purchases > 0 {
		c.revenue = g.basket.Total
	}
}
