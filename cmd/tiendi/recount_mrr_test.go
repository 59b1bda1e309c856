package main

import (
	"math/big"
	"slices"
)

// feesAt is what each store pays at the end of a month.
func (r *recount) feesAt(month period) map[string]*big.Rat {
	fees := map[string]*big.Rat{}
	for _, s := range r.subscriptions {
		if s.started.Before(month.end()) && (s.ended.IsZero() || !s.ended.Before(month.end())) {
			if fees[s.store] == nil {
				fees[s.store] = new(big.Rat)
			}
			fees[s.store].Add(fees[s.store], s.fee)
		}
	}
	return fees
}

// mrr gives a movement of every month, by the name of its column.
func (r *recount) mrr(movement string) figures {
	out, paidBefore := figures{}, map[string]bool{}
	before := map[string]*big.Rat{}
	first := slices.MinFunc(r.subscriptions, func(a, b subscription) int { return a.started.Compare(b.started) })
	for month := monthOf(first.started); !month.start.After(r.dataThrough()); month = monthOf(month.end()) {
		now := r.feesAt(month)
		stores := map[string]bool{}
		for store := range before {
			stores[store] = true
		}
		for store := range now {
			stores[store] = true
		}
		for store := range stores {
			was, is := orZero(before[store]), orZero(now[store])
			if kind, amount := movementOf(was, is, paidBefore[store]); kind == movement {
				out.addAt(month.at("", "", ""), amount)
			}
			if movement == "mrr" {
				out.addAt(month.at("", "", ""), is)
			}
			paidBefore[store] = paidBefore[store] || is.Sign() > 0
		}
		before = now
	}
	return out
}

func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

func movementOf(was, is *big.Rat, paidBefore bool) (kind string, amount *big.Rat) {
	change := new(big.Rat).Sub(is, was)
	switch {
	case was.Sign() == 0 && is.Sign() > 0 && !paidBefore:
		return "new_mrr", is
	case was.Sign() == 0 && is.Sign() > 0:
		return "reactivated_mrr", is
	case is.Sign() == 0 && was.Sign() > 0:
		return "churned_mrr", was
	case change.Sign() > 0:
		return "expansion_mrr", change
	case change.Sign() < 0:
		return "contraction_mrr", change.Neg(change)
	}
	return "", change
}
