package main

import (
	"math/big"
	"slices"
	"time"
)

func (r *recount) productViews() figures {
	out := figures{}
	for _, e := range r.events {
		if e.web() && e.Type == "product_viewed" && e.Properties.Product != "" {
			out.count(e.Timestamp, e.store(), e.Properties.Product)
		}
	}
	return out
}

// viewed gives the products that a session views, with the first view of each.
func (s webSession) viewed() map[string]shopEvent {
	first := map[string]shopEvent{}
	for _, e := range s.events {
		if _, again := first[e.Properties.Product]; e.Type == "product_viewed" && !again {
			first[e.Properties.Product] = e
		}
	}
	return first
}

// buys says whether the session purchases the product at or after a moment.
func (s webSession) buys(product string, since time.Time) bool {
	return slices.ContainsFunc(s.events, func(e shopEvent) bool {
		if e.Type != "purchase_completed" || e.Timestamp.Before(since) {
			return false
		}
		for _, item := range e.Properties.Items {
			if item.Product == product {
				return true
			}
		}
		return false
	})
}

// productConversion counts a session for the store whose page of the product
// it viewed first.
func (r *recount) productConversion() figures {
	viewed, bought := figures{}, figures{}
	for _, s := range r.sessions {
		for product, view := range s.viewed() {
			viewed.count(s.started(), view.store(), product)
			if s.buys(product, view.Timestamp) {
				bought.count(s.started(), view.store(), product)
			}
		}
	}
	return bought.over(viewed)
}

// stockOnHand takes, for every month, each product's last version before its
// end, from the day of its first version to the last day with any version.
func (r *recount) stockOnHand() figures {
	versions := map[string][]productVersion{}
	var last time.Time
	for _, v := range r.products {
		versions[v.id] = append(versions[v.id], v)
		if v.updated.After(last) {
			last = v.updated
		}
	}
	out := figures{}
	for _, of := range versions {
		slices.SortStableFunc(of, func(a, b productVersion) int { return a.updated.Compare(b.updated) })
		for month := monthOf(of[0].updated); !month.start.After(last); month = monthOf(month.end()) {
			now := of[0]
			for _, v := range of {
				if v.updated.Before(month.end()) {
					now = v
				}
			}
			stock := big.NewRat(now.stock, 1)
			out.addAt(month.at("platform", noStore, ""), stock)
			out.addAt(month.at("store", now.store, ""), stock)
		}
	}
	return out
}

func monthOf(day time.Time) period { return periodsOf(day)[2] }

// sellThrough is null where no stock was taken.
func (r *recount) sellThrough() figures {
	stock := r.stockOnHand()
	sold := figures{}
	for key, units := range r.unitsSold() {
		if _, taken := stock[key]; taken {
			sold[key] = units
		}
	}
	return sold.over(stock.plus(sold))
}
