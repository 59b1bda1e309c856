package main

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// placedOrders are in the order in which they were made.
func (r *recount) placedOrders(counts func(countedOrder) bool) []countedOrder {
	var orders []countedOrder
	for _, o := range r.orders {
		if counts(o) {
			orders = append(orders, o)
		}
	}
	slices.SortFunc(orders, func(a, b countedOrder) int {
		return cmp.Or(a.created.Compare(b.created), strings.Compare(a.id, b.id))
	})
	return orders
}

// newCustomers credits a user's first placed order to its store.
func (r *recount) newCustomers() figures {
	out, known := figures{}, map[string]bool{}
	for _, o := range r.placedOrders(countedOrder.placed) {
		if !known[o.user] {
			known[o.user] = true
			out.count(o.created, o.store, "")
		}
	}
	return out
}

func (r *recount) storeNewCustomers() figures {
	out, known := figures{}, map[string]bool{}
	for _, o := range r.placedOrders(countedOrder.placed) {
		if !known[o.store+o.user] {
			known[o.store+o.user] = true
			for _, p := range periodsOf(o.created) {
				out.addAt(p.at("store", o.store, ""), one)
			}
		}
	}
	return out
}

// returningCustomers order in a period and ordered before it began: at the
// store, or anywhere for the platform.
func (r *recount) returningCustomers() figures {
	users, first := distinct{}, map[string]time.Time{}
	for _, o := range r.placedOrders(countedOrder.placed) {
		for _, where := range []struct{ scope, store string }{{"platform", noStore}, {"store", o.store}} {
			begun, known := first[where.store+o.user]
			if !known {
				first[where.store+o.user] = o.created
				continue
			}
			for _, p := range periodsOf(o.created) {
				if begun.Before(p.start) {
					users.addAt(p.at(where.scope, where.store, ""), o.user)
				}
			}
		}
	}
	return users.figures()
}

func (r *recount) customerLTV() figures {
	revenue, customers := figures{}, distinct{}
	for _, o := range r.orders {
		key := at{store: o.store}
		if o.delivered() {
			revenue.addAt(key, o.gmv)
		}
		if o.placed() {
			customers.addAt(key, o.user)
		}
	}
	return revenue.over(customers.figures()).cents()
}

// cohorts gives how many users each cohort has, and how many of them have a
// delivered order so many months later, over complete months.
func (r *recount) cohorts() (users, retained figures) {
	members, back := distinct{}, distinct{}
	first := map[string]time.Time{}
	through := monthOf(r.horizon()).start
	for _, o := range r.placedOrders(countedOrder.delivered) {
		for _, where := range []struct{ scope, store string }{{"platform", noStore}, {"store", o.store}} {
			begun, known := first[where.store+o.user]
			if !known {
				begun = monthOf(o.created).start
				first[where.store+o.user] = begun
			}
			month := monthOf(o.created).start
			key := func(m time.Time) at {
				return at{"", begun.Format(time.DateOnly), where.scope, where.store, m.Format(time.DateOnly)}
			}
			for m := begun; m.Before(through); m = m.AddDate(0, 1, 0) {
				members.addAt(key(m), o.user)
			}
			if month.Before(through) {
				back.addAt(key(month), o.user)
			}
		}
	}
	return members.figures(), back.figures()
}

func (r *recount) retention() figures {
	users, retained := r.cohorts()
	return retained.over(users)
}
