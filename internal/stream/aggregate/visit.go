package aggregate

import (
	"bytes"
	"math/bits"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// visit is an event as the windows take it.
type visit struct {
	visitor  uint64
	store    key    // ByStore
	source   string // a part of the batch
	counts   record.Counts
	counting bool // counts is not zero
	products []product
	basket   event.Basket
	changes  []change // that it makes in a period, used again and again
	touched  uint32   // what touch read, so that it is read
}

// change is what a visit adds to a window.
type change struct {
	cell   uint32
	counts *record.Counts
}

// product is one that an event is about.
type product struct {
	key
	counts record.Counts
}

func (v *visit) read(e *record.Event) {
	v.visitor, v.store, v.source = visitor(e), storeKey(e.StoreID), e.Source
	v.counts, v.products = record.Counts{}, v.products[:0]
	v.counting = true
	switch e.Type {
	case event.ProductViewed:
		v.counts.Views = 1
		v.one(e.Properties)
	case event.AddToCart:
		v.counts.Carts = 1
		v.one(e.Properties)
	case event.CheckoutStarted:
		v.counts.Checkouts = 1
		v.basket.Read(e.Properties)
		v.several(false)
	case event.PurchaseCompleted:
		v.counts.Purchases = 1
		v.basket.Read(e.Properties)
		v.counts.Revenue = v.basket.Total
		v.several(true)
	default:
		v.counting = false
	}
}

// one is an event about one product.
func (v *visit) one(properties []byte) {
	v.basket.Read(properties)
	if id := v.basket.ProductID; !id.IsZero() {
		v.products = append(v.products, product{v.store.product(id), v.counts})
	}
}

// several is an event about all items of the basket, each product once.
func (v *visit) several(bought bool) {
	for i := range v.basket.Items {
		item := &v.basket.Items[i]
		var counts record.Counts
		if bought {
			counts.Units, counts.Revenue = item.Quantity, item.Amount()
			v.counts.Units = sum(v.counts.Units, item.Quantity)
		}
		if id := item.ProductID; !id.IsZero() {
			v.products = append(v.products, product{v.store.product(id), counts})
		}
	}
	slices.SortStableFunc(v.products, func(a, b product) int { return bytes.Compare(a.item[:], b.item[:]) })
	distinct := v.products[:0]
	for _, p := range v.products {
		if n := len(distinct); n > 0 && distinct[n-1].item == p.item {
			add(&distinct[n-1].counts, &p.counts)
			continue
		}
		p.counts.Checkouts, p.counts.Purchases = v.counts.Checkouts, v.counts.Purchases
		distinct = append(distinct, p)
	}
	v.products = distinct
}

// add adds up counts. Sums end at the largest and smallest numbers that there are.
func add(to, n *record.Counts) {
	to.Views = sum(to.Views, n.Views)
	to.Carts = sum(to.Carts, n.Carts)
	to.Checkouts = sum(to.Checkouts, n.Checkouts)
	to.Purchases = sum(to.Purchases, n.Purchases)
	to.Units = sum(to.Units, n.Units)
	to.Revenue = event.AddMoney(to.Revenue, n.Revenue)
}

func sum(a, b uint64) uint64 {
	s, over := bits.Add64(a, b, 0)
	return s | -over
}
