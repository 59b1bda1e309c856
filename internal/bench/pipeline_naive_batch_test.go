package bench

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// naiveBatch is what goes to all sinks at once, and is not changed any more.
type naiveBatch struct {
	rows     *naiveColumns
	windows  map[naiveWindow]counts
	visitors map[naiveWindow][]any
	began    time.Time
}

// naiveWindow is what events are counted by.
type naiveWindow struct {
	day bool
	window
}

func newNaiveBatch() *naiveBatch {
	return &naiveBatch{rows: newNaiveColumns(), windows: map[naiveWindow]counts{}, visitors: map[naiveWindow][]any{}}
}

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
func (b *naiveBatch) count(ev *event.BaseEvent, source string) {
	var basket event.Basket
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
	var products map[event.ID]counts
	if c != (counts{}) {
		basket.Read(ev.Properties)
		products = map[event.ID]counts{}
	}
	if !basket.ProductID.IsZero() {
		products[basket.ProductID] = c
	}
	for i := range basket.Items {
		item, sum := &basket.Items[i], c
		if c.purchases > 0 {
			c.units += int64(item.Quantity)
			sum.units, sum.revenue = products[item.ProductID].units+int64(item.Quantity), products[item.ProductID].revenue+item.Amount()
		}
		products[item.ProductID] = sum
	}
	if c.purchases > 0 {
		c.revenue = basket.Total
	}
	for _, day := range []bool{false, true} {
		b.countIn(ev, source, c, products, day)
	}
}

func (b *naiveBatch) countIn(ev *event.BaseEvent, source string, c counts, products map[event.ID]counts, day bool) {
	start := ev.Timestamp.Unix() / 60 * 60
	if day {
		start = ev.Timestamp.Unix() / 86_400 * 86_400
	}
	add := func(by string, store, product event.ID, source string, c counts) naiveWindow {
		w := naiveWindow{day, window{by: by, start: start, store: uuid.UUID(store), product: uuid.UUID(product), source: source}}
		sum := b.windows[w]
		sum.add(c)
		b.windows[w] = sum
		return w
	}
	visitor := ev.UserID
	if visitor.IsZero() {
		visitor = ev.SessionID
	}
	stores := []event.ID{{}}
	if !ev.StoreID.IsZero() {
		stores = append(stores, ev.StoreID)
	}
	for _, store := range stores {
		w := add("store", store, event.ID{}, "", c)
		b.visitors[w] = append(b.visitors[w], string(visitor[:]))
		if c != (counts{}) {
			add("store_source", store, event.ID{}, source, c)
		}
	}
	for product, c := range products {
		add("product", ev.StoreID, product, "", c)
	}
}
