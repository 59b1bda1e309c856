package main

import (
	"math/big"
	"strconv"
	"testing"
	"time"
)

// moment reads a time of a CSV file; none is the zero time.
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func whole(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// readSubscriptions lets the last line of a store's subscription since a day count.
func (r *recount) readSubscriptions(t testing.TB, folder string) {
	place := map[string]int{}
	for _, row := range table(t, folder, "subscriptions") {
		key := row["store_id"] + row["started_at"]
		if _, again := place[key]; !again {
			place[key] = len(r.subscriptions)
			r.subscriptions = append(r.subscriptions, subscription{})
		}
		r.subscriptions[place[key]] = subscription{
			store: row["store_id"], fee: rat(row["monthly_fee"]),
			started: moment(t, row["started_at"]), ended: moment(t, row["ended_at"]),
		}
	}
}

// readUsers keeps each user once; the sets hold no versions of users.
func (r *recount) readUsers(t testing.TB, folder string) {
	seen := map[string]bool{}
	for _, row := range table(t, folder, "users") {
		if !seen[row["id"]] {
			seen[row["id"]] = true
			r.users = append(r.users, moment(t, row["created_at"]))
		}
	}
}

func (r *recount) readStores(t testing.TB, folder string) {
	for _, row := range table(t, folder, "stores") {
		r.stores = append(r.stores, storeVersion{
			id: row["id"], name: row["name"], rate: rat(row["commission_rate"]),
			created: moment(t, row["created_at"]), updated: moment(t, row["updated_at"]),
		})
	}
}

func (r *recount) readProducts(t testing.TB, folder string) {
	for _, row := range table(t, folder, "products") {
		r.products = append(r.products, productVersion{
			id: row["id"], store: row["store_id"], name: row["name"], category: row["category"],
			stock: whole(t, row["stock"]), updated: moment(t, row["updated_at"]),
		})
	}
}

// readItems lets the last line of an item count.
func (r *recount) readItems(t testing.TB, folder string) {
	place := map[string]int{}
	for _, row := range table(t, folder, "order_items") {
		item := countedItem{order: row["order_id"], product: row["product_id"], quantity: whole(t, row["quantity"]), subtotal: rat(row["subtotal"])}
		if i, again := place[row["id"]]; again {
			r.items[i] = item
			continue
		}
		place[row["id"]] = len(r.items)
		r.items = append(r.items, item)
	}
}

// readOrders lets the newest version of an order count, the later line where
// two are of one time, and sums its items.
func (r *recount) readOrders(t testing.TB, folder string) {
	place := map[string]int{}
	for _, row := range table(t, folder, "orders") {
		o := countedOrder{
			id: row["id"], store: row["store_id"], user: row["user_id"], status: row["status"],
			created: moment(t, row["created_at"]), updated: moment(t, row["updated_at"]), gmv: new(big.Rat),
		}
		i, again := place[o.id]
		switch {
		case !again:
			place[o.id] = len(r.orders)
			r.orders = append(r.orders, o)
		case !o.updated.Before(r.orders[i].updated):
			r.orders[i] = o
		}
	}
	for _, item := range r.items {
		if i, ok := place[item.order]; ok {
			r.orders[i].gmv.Add(r.orders[i].gmv, item.subtotal)
			r.orders[i].units += item.quantity
		}
	}
	for i, o := range r.orders {
		r.orders[i].commission = new(big.Rat).Mul(o.gmv, r.rateOf(o.store, o.created))
	}
}

// rateOf is the commission rate that a store paid at a moment: its first
// version's from the beginning of time, a later one's from its updated_at.
func (r *recount) rateOf(store string, when time.Time) *big.Rat {
	rate, since := new(big.Rat), time.Time{}
	first := true
	for _, v := range r.stores {
		if v.id != store {
			continue
		}
		if first || !v.updated.After(when) && !v.updated.Before(since) {
			rate, since = v.rate, v.updated
		}
		first = false
	}
	return rate
}

// horizon is the newest moment that orders tell of.
func (r *recount) horizon() time.Time {
	var newest time.Time
	for _, o := range r.orders {
		for _, moment := range []time.Time{o.created, o.updated} {
			if moment.After(newest) {
				newest = moment
			}
		}
	}
	return newest
}

// dataThrough is the newest moment that anything tells of.
func (r *recount) dataThrough() time.Time {
	newest := r.horizon()
	for _, e := range r.events {
		if e.Timestamp.After(newest) {
			newest = e.Timestamp
		}
	}
	for _, s := range r.subscriptions {
		if s.started.After(newest) {
			newest = s.started
		}
	}
	return newest
}
