package main

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"
)

// sumOrders adds up something of the orders that count.
func (r *recount) sumOrders(counts func(countedOrder) bool, amount func(countedOrder) *big.Rat) figures {
	out := figures{}
	for _, o := range r.orders {
		if counts(o) {
			out.add(o.created, o.store, "", amount(o))
		}
	}
	return out
}

func gmvOf(o countedOrder) *big.Rat        { return o.gmv }
func unitsOf(o countedOrder) *big.Rat      { return big.NewRat(o.units, 1) }
func oneOf(countedOrder) *big.Rat          { return one }
func commissionOf(o countedOrder) *big.Rat { return o.commission }

func (r *recount) gmv() figures        { return r.sumOrders(countedOrder.placed, gmvOf) }
func (r *recount) orderCount() figures { return r.sumOrders(countedOrder.placed, oneOf) }
func (r *recount) unitsSold() figures  { return r.sumOrders(countedOrder.placed, unitsOf) }
func (r *recount) aov() figures        { return r.gmv().over(r.orderCount()).cents() }

func (r *recount) deliveredGMV() figures    { return r.sumOrders(countedOrder.delivered, gmvOf) }
func (r *recount) deliveredOrders() figures { return r.sumOrders(countedOrder.delivered, oneOf) }
func (r *recount) deliveredUnits() figures  { return r.sumOrders(countedOrder.delivered, unitsOf) }
func (r *recount) deliveredAOV() figures {
	return r.deliveredGMV().over(r.deliveredOrders()).cents()
}

func (r *recount) commissions() figures { return r.sumOrders(countedOrder.delivered, commissionOf) }
func (r *recount) takeRate() figures    { return r.commissions().over(r.deliveredGMV()) }

// sumItems adds up something of the lines of placed orders, by an item of them.
func (r *recount) sumItems(item func(countedItem) string, amount func(countedItem) *big.Rat) figures {
	orders := map[string]countedOrder{}
	for _, o := range r.orders {
		orders[o.id] = o
	}
	out := figures{}
	for _, i := range r.items {
		if o, ok := orders[i.order]; ok && o.placed() {
			out.add(o.created, o.store, item(i), amount(i))
		}
	}
	return out
}

func productOf(i countedItem) string    { return i.product }
func subtotalOf(i countedItem) *big.Rat { return i.subtotal }
func quantityOf(i countedItem) *big.Rat { return big.NewRat(i.quantity, 1) }

func (r *recount) productGMV() figures   { return r.sumItems(productOf, subtotalOf) }
func (r *recount) productUnits() figures { return r.sumItems(productOf, quantityOf) }

// categoryOf is the catalogue's category, or else the one that the product's
// last view with one carries.
func (r *recount) categoryOf() func(countedItem) string {
	seen, known := map[string]shopEvent{}, map[string]string{}
	for _, e := range r.events {
		if e.Type != "product_viewed" || e.Properties.Category == "" {
			continue
		}
		last, ok := seen[e.Properties.Product]
		if !ok || cmp.Or(e.Timestamp.Compare(last.Timestamp), strings.Compare(e.ID, last.ID)) > 0 {
			seen[e.Properties.Product] = e
		}
	}
	for _, p := range r.products {
		known[p.id] = p.category
	}
	return func(i countedItem) string {
		return cmp.Or(known[i.product], seen[i.product].Properties.Category, "uncategorized")
	}
}

func (r *recount) categoryGMV() figures   { return r.sumItems(r.categoryOf(), subtotalOf) }
func (r *recount) categoryUnits() figures { return r.sumItems(r.categoryOf(), quantityOf) }

// topProducts gives each product's place by gmv, then units; equal ones share it.
func (r *recount) topProducts() figures {
	gmv, units := r.productGMV(), r.productUnits()
	lists := map[at][]at{}
	for key, sold := range units {
		if sold.Sign() > 0 {
			list := key
			list.item = ""
			lists[list] = append(lists[list], key)
		}
	}
	out := figures{}
	for _, list := range lists {
		better := func(a, b at) int { return cmp.Or(gmv[b].Cmp(gmv[a]), units[b].Cmp(units[a])) }
		slices.SortFunc(list, better)
		for i, key := range list {
			if i > 0 && better(list[i-1], key) == 0 {
				out[key] = out[list[i-1]]
			} else {
				out[key] = big.NewRat(int64(i+1), 1)
			}
		}
	}
	return out
}

// soldSince sums delivered orders by product and store.
func (r *recount) soldSince(since time.Time) []sold {
	products, stores := map[string]string{}, map[string]string{}
	for _, p := range r.products {
		products[p.id] = p.name
	}
	for _, s := range r.stores {
		stores[s.id] = s.name
	}
	orders := map[string]countedOrder{}
	for _, o := range r.orders {
		if o.delivered() && !o.created.Before(since) {
			orders[o.id] = o
		}
	}
	sums, seen := map[string]*sold{}, map[string]bool{}
	for _, i := range r.items {
		o, ok := orders[i.order]
		if !ok {
			continue
		}
		key := i.product + stores[o.store]
		if sums[key] == nil {
			sums[key] = &sold{product: products[i.product], store: stores[o.store], revenue: new(big.Rat)}
		}
		sums[key].units += i.quantity
		sums[key].revenue.Add(sums[key].revenue, i.subtotal)
		if !seen[key+o.id] {
			seen[key+o.id] = true
			sums[key].orders++
		}
	}
	var out []sold
	for _, s := range sums {
		out = append(out, *s)
	}
	return out
}
