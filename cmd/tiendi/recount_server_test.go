package main

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"
)

func (r *recount) requests(counts func(shopEvent) bool) figures {
	out := figures{}
	for _, e := range r.events {
		if e.Type == "api_request" && counts(e) {
			for _, p := range periodsOf(e.Timestamp) {
				out.addAt(p.at("", "", ""), one)
			}
		}
	}
	return out
}

func (r *recount) apiErrorRate() figures {
	failed := r.requests(func(e shopEvent) bool { return e.Properties.Status >= 500 })
	return failed.over(r.requests(func(shopEvent) bool { return true }))
}

// apiLatency is the shortest duration, to a tenth of a millisecond, that so
// many percent of a period's requests do not exceed.
func (r *recount) apiLatency(percent int) figures {
	durations := map[at][]*big.Rat{}
	for _, e := range r.events {
		if e.Type != "api_request" {
			continue
		}
		tenth := rat(e.Properties.Duration.rat().FloatString(1))
		for _, p := range periodsOf(e.Timestamp) {
			durations[p.at("", "", "")] = append(durations[p.at("", "", "")], tenth)
		}
	}
	out := figures{}
	for key, sorted := range durations {
		slices.SortFunc(sorted, (*big.Rat).Cmp)
		out[key] = sorted[(percent*len(sorted)+99)/100-1]
	}
	return out
}

// uptime: a probe is due in every minute from a target's first to its last; a
// minute is up when it has probes and none of them met a 5xx or no answer.
func (r *recount) uptime() figures {
	minutes := map[string]map[time.Time]bool{}
	for _, e := range r.events {
		if e.Type != "health_probe" {
			continue
		}
		of := minutes[e.Properties.Target]
		if of == nil {
			of = map[time.Time]bool{}
			minutes[e.Properties.Target] = of
		}
		minute := e.Timestamp.Truncate(time.Minute)
		before, probed := of[minute]
		up := e.Properties.Status > 0 && e.Properties.Status < 500
		of[minute] = up && (before || !probed)
	}
	due, ups := figures{}, figures{}
	for _, of := range minutes {
		first, last := bounds(of)
		for m := first; !m.After(last); m = m.Add(time.Minute) {
			for _, p := range periodsOf(m) {
				due.addAt(p.at("", "", ""), one)
				if of[m] {
					ups.addAt(p.at("", "", ""), one)
				}
			}
		}
	}
	return ups.over(due)
}

func bounds(minutes map[time.Time]bool) (first, last time.Time) {
	for m := range minutes {
		if first.IsZero() || m.Before(first) {
			first = m
		}
		if m.After(last) {
			last = m
		}
	}
	return first, last
}

// finalPayments are the last events of the payments.
func (r *recount) finalPayments() map[string]shopEvent {
	final := map[string]shopEvent{}
	for _, e := range r.events {
		if e.Type != "payment_succeeded" && e.Type != "payment_failed" {
			continue
		}
		last, ok := final[e.Properties.Payment]
		if !ok || cmp.Or(e.Timestamp.Compare(last.Timestamp), strings.Compare(e.ID, last.ID)) > 0 {
			final[e.Properties.Payment] = e
		}
	}
	return final
}

func (r *recount) paymentSuccess() figures {
	all, succeeded := figures{}, figures{}
	for _, e := range r.finalPayments() {
		all.count(e.Timestamp, e.store(), "")
		if e.Type == "payment_succeeded" {
			succeeded.count(e.Timestamp, e.store(), "")
		}
	}
	return succeeded.over(all)
}
