package bench

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// figures are what a ledger's facts come to: rows by their keys, as text, so that
// any store's can be held against them.
type figures struct {
	minutes, days map[string]string
	sessions      map[string]string
	visitors      map[string]int // of platform and stores, by day
}

// window is a key of figures, and counts a row.
type (
	window struct {
		by             string
		start          int64 // Unix seconds
		store, product uuid.UUID
		source         string
	}
	counts struct{ views, carts, checkouts, purchases, units, revenue int64 }
)

func (w window) String() string {
	return row(w.start, w.by, w.store, w.product, w.source)
}

func (c counts) String() string {
	return row(c.views, c.carts, c.checkouts, c.purchases, c.units, c.revenue)
}

// row is how keys and rows are written, here and in what the stores are asked.
func row(columns ...any) string {
	text := ""
	for _, c := range columns {
		text += fmt.Sprint(c, "|")
	}
	return text
}

func (c *counts) add(d counts) {
	c.views, c.carts, c.checkouts = c.views+d.views, c.carts+d.carts, c.checkouts+d.checkouts
	c.purchases, c.units, c.revenue = c.purchases+d.purchases, c.units+d.units, c.revenue+d.revenue
}

// counts are what one fact adds to its windows; revenue only where it is of a basket.
func (f *fact) counts() (c counts) {
	switch f.kind {
	case "product_viewed":
		c.views = 1
	case "add_to_cart":
		c.carts = 1
	case "checkout_started":
		c.checkouts = 1
	case "purchase_completed":
		c.purchases, c.revenue = 1, f.total
		for _, i := range f.items {
			c.units += i.quantity
		}
	}
	return c
}

// products are what one fact adds to the windows of its products.
func (f *fact) products() map[uuid.UUID]counts {
	all := map[uuid.UUID]counts{}
	for _, i := range f.items {
		c := f.counts()
		c.units, c.revenue = all[i.product].units, all[i.product].revenue
		if f.kind == "purchase_completed" {
			c.units, c.revenue = c.units+i.quantity, c.revenue+i.quantity*i.price
		}
		all[i.product] = c
	}
	return all
}

// recompute gives the figures of the facts, in the plainest way.
func recompute(facts []fact) *figures {
	minutes, days := map[window]counts{}, map[window]counts{}
	visitors := map[string]map[uuid.UUID]bool{}
	for i := range facts {
		f := &facts[i]
		addTo(minutes, f, f.at/60_000*60)
		day := f.at / 86_400_000 * 86_400
		addTo(days, f, day)
		for _, store := range []uuid.UUID{{}, f.store} {
			key := dayKey(day, store)
			if visitors[key] == nil {
				visitors[key] = map[uuid.UUID]bool{}
			}
			visitors[key][f.visitor()] = true
		}
	}
	all := &figures{minutes: texts(minutes), days: texts(days), sessions: sessionsOf(facts), visitors: map[string]int{}}
	for key, who := range visitors {
		all.visitors[key] = len(who)
	}
	return all
}

// dayKey is Redis's of a store's day.
func dayKey(day int64, store uuid.UUID) string {
	return "tiendi:day:" + time.Unix(day, 0).UTC().Format(time.DateOnly) + ":" + store.String()
}

func addTo(windows map[window]counts, f *fact, start int64) {
	add := func(w window, c counts) {
		sum := windows[w]
		sum.add(c)
		windows[w] = sum
	}
	stores := []uuid.UUID{{}}
	if f.store != uuid.Nil {
		stores = append(stores, f.store)
	}
	for _, store := range stores {
		add(window{by: "store", start: start, store: store}, f.counts())
		add(window{by: "store_source", start: start, store: store, source: f.source}, f.counts())
	}
	for product, c := range f.products() {
		add(window{by: "product", start: start, store: f.store, product: product}, c)
	}
}

// texts leaves out windows that count nothing: only visitors make them.
func texts(windows map[window]counts) map[string]string {
	all := map[string]string{}
	for w, c := range windows {
		if c != (counts{}) {
			all[w.String()] = c.String()
		}
	}
	return all
}
