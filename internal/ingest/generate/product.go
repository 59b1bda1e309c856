package generate

import (
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

type product struct {
	id       event.ID
	store    int32 // its own store; another may sell it too
	name     string
	category string // empty for a few
	url      string
	price    int64 // cents, of a plain month
	stock    int32 // when it is new
	created  int64
}

// eventCategory is what the shop's pages say of a product without category.
const eventCategory = "uncategorized"

// makeProducts fills a store's shelf: most products are there from the start,
// the others come in the two years after it.
func (w *world) makeProducts(storeIndex int) {
	s := &w.storeList[storeIndex]
	r := newStream(w.seed, kindProduct, uint64(storeIndex))
	count := r.between(14, 60)
	first := len(w.products)
	for k := range count {
		w.products = append(w.products, w.makeProduct(storeIndex, k))
		s.shelf = append(s.shelf, int32(first+k))
		if first > 0 && r.chance(60) {
			s.shelf = append(s.shelf, int32(r.below(first)))
		}
	}
}

func (w *world) makeProduct(storeIndex, k int) product {
	s := &w.storeList[storeIndex]
	r := newStream(w.seed, kindProduct, uint64(storeIndex), uint64(k))
	theme := s.theme
	if r.chance(200) {
		theme = r.below(len(categories))
	}
	c := &categories[theme]
	p := product{id: r.id(), store: int32(storeIndex), category: c.slug, created: s.created + int64(r.between(60, 600))*second}
	p.url = site + "/p/" + p.id.String()
	p.name = pick(&r, c.things) + " " + pick(&r, c.kinds)
	if r.chance(400) {
		p.name += ", color " + pick(&r, colours)
	}
	p.price = tidyPrice(&r, r.lognormal(c.median, c.sigma))
	p.stock = int32(r.between(20, 150))
	if r.chance(25) {
		p.category = ""
	}
	if k > 8 && r.chance(350) {
		p.created += int64(r.below(730*24)) * hour
	}
	return p
}

// tidyPrice gives a price the ending that shops like: .90, .99, sometimes .50
// or .00; large ones end in 9.
func tidyPrice(r *stream, cents int64) int64 {
	whole := max(1, cents/100)
	if whole >= 200 {
		whole = whole/10*10 + 9
	}
	switch roll := r.below(100); {
	case roll < 55:
		return whole*100 + 90
	case roll < 85:
		return whole*100 + 99
	case roll < 93:
		return whole*100 + 50
	}
	return whole * 100
}

// priceIn is the product's price in a month: one in eight is on offer or
// dearer. Whoever began a session before the month keeps the price they saw.
func (w *world) priceIn(productIndex int, month uint64) int64 {
	p := &w.products[productIndex]
	r := newStream(w.seed, kindPrice, uint64(productIndex), month)
	if !r.chance(125) {
		return p.price
	}
	percent := pick(&r, []int64{75, 80, 85, 90, 90, 105, 110})
	return tidyPrice(&r, p.price*percent/100)
}

// monthOf numbers the months.
func monthOf(at int64) uint64 {
	t := time.UnixMilli(at).UTC()
	return uint64(t.Year()*12 + int(t.Month()) - 1)
}
