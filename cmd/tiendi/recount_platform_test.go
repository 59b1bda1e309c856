package main

import (
	"time"
)

const day = 24 * time.Hour

func (r *recount) activeStores() figures {
	stores := distinct{}
	for _, o := range r.orders {
		if o.placed() {
			for _, p := range periodsOf(o.created) {
				stores.addAt(p.at("", "", ""), o.store)
			}
		}
	}
	return stores.figures()
}

// activeUsers has the calendar periods and the 7 and 28 days up to each day.
func (r *recount) activeUsers() figures {
	users := distinct{}
	for _, e := range r.events {
		if !e.web() || e.User == "" {
			continue
		}
		for _, p := range periodsOf(e.Timestamp) {
			users.addAt(p.at("", "", ""), e.User)
		}
		for _, window := range []struct {
			grain string
			days  int
		}{{"trailing_7_days", 7}, {"trailing_28_days", 28}} {
			for i := range window.days {
				on := e.Timestamp.UTC().AddDate(0, 0, i).Format(time.DateOnly)
				users.addAt(at{grain: window.grain, period: on}, e.User)
			}
		}
	}
	return users.figures()
}

func countMoments(moments []time.Time) figures {
	out := figures{}
	for _, m := range moments {
		for _, p := range periodsOf(m) {
			out.addAt(p.at("", "", ""), one)
		}
	}
	return out
}

func (r *recount) newUsers() figures { return countMoments(r.users) }

func (r *recount) newStores() figures {
	created := map[string]time.Time{}
	for _, s := range r.stores {
		created[s.id] = s.created
	}
	var moments []time.Time
	for _, m := range created {
		moments = append(moments, m)
	}
	return countMoments(moments)
}

// storeChurn compares each period that orders reach with the one before it.
func (r *recount) storeChurn() figures {
	active := map[period]map[string]bool{}
	for _, o := range r.orders {
		for _, p := range periodsOf(o.created) {
			if active[p] == nil {
				active[p] = map[string]bool{}
			}
			if o.placed() {
				active[p][o.store] = true
			}
		}
	}
	left, before := figures{}, figures{}
	for p, stores := range active {
		next := period{p.grain, p.end()}
		if next.start.After(r.horizon()) {
			continue
		}
		for store := range stores {
			before.addAt(next.at("", "", ""), one)
			if !active[next][store] {
				left.addAt(next.at("", "", ""), one)
			}
		}
	}
	return left.over(before)
}

// userChurn: a placed order keeps its user for 90 days; who is kept at a
// period's start, and who of all is let go within it.
func (r *recount) userChurn() figures {
	orders := map[string][]time.Time{}
	for _, o := range r.placedOrders(countedOrder.placed) {
		orders[o.user] = append(orders[o.user], o.created)
	}
	lost, kept := distinct{}, distinct{}
	for user, times := range orders {
		for i, ordered := range times {
			ends := ordered.Add(90 * day)
			again := i+1 < len(times) && !times[i+1].After(ends)
			if !again && !ends.After(r.horizon()) {
				for _, p := range periodsOf(ends) {
					lost.addAt(p.at("", "", ""), user)
				}
			}
			keptAtStarts(kept, user, ordered, ends, r.horizon())
		}
	}
	return lost.figures().over(kept.figures())
}

// keptAtStarts notes the user for every period that begins after the order and
// not after its 90 days.
func keptAtStarts(kept distinct, user string, ordered, ends, horizon time.Time) {
	for _, p := range periodsOf(ordered) {
		for p = (period{p.grain, p.end()}); !p.start.After(ends) && !p.start.After(horizon); p = (period{p.grain, p.end()}) {
			kept.addAt(p.at("", "", ""), user)
		}
	}
}
