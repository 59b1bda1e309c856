package main

import "math/big"

// sessionFigures adds up something of every session for the platform and of
// every store's slice, on the day of the whole session's first event.
func (r *recount) sessionFigures(amount func(webSession) *big.Rat, item func(webSession) string) figures {
	out := figures{}
	for _, s := range r.sessions {
		for _, p := range periodsOf(s.started()) {
			out.addAt(p.at("platform", noStore, item(s)), amount(s))
			for store, part := range s.slices {
				out.addAt(p.at("store", store, item(part)), amount(part))
			}
		}
	}
	return out
}

func noItem(webSession) string { return "" }

func (r *recount) countSessions(counts func(webSession) bool) figures {
	return r.sessionFigures(func(s webSession) *big.Rat {
		if counts(s) {
			return one
		}
		return new(big.Rat)
	}, noItem)
}

func anySession(webSession) bool { return true }

func hasKind(kind string) func(webSession) bool {
	return func(s webSession) bool { return s.has(kind) }
}

func follows(kind, later string) func(webSession) bool {
	return func(s webSession) bool { return s.then(kind, later) }
}

func (r *recount) sessionCount() figures { return r.countSessions(anySession) }
func (r *recount) bounceRate() figures {
	return r.countSessions(webSession.bounced).over(r.sessionCount())
}
func (r *recount) engagedRate() figures {
	return r.countSessions(webSession.engaged).over(r.sessionCount())
}
func (r *recount) conversionRate() figures {
	return r.countSessions(hasKind("purchase_completed")).over(r.sessionCount())
}

func (r *recount) timeOnSite() figures {
	seconds := r.sessionFigures(func(s webSession) *big.Rat { return big.NewRat(s.duration().Milliseconds(), 1000) }, noItem)
	return seconds.over(r.sessionCount())
}

func (r *recount) cartRate() figures {
	both := func(s webSession) bool { return s.has("product_viewed") && s.has("add_to_cart") }
	return r.countSessions(both).over(r.countSessions(hasKind("product_viewed")))
}

func (r *recount) cartAbandonment() figures {
	bought := r.countSessions(follows("add_to_cart", "purchase_completed"))
	return bought.over(r.countSessions(hasKind("add_to_cart"))).minusFrom(1)
}

func (r *recount) checkoutCompletion() figures {
	bought := r.countSessions(follows("checkout_started", "purchase_completed"))
	return bought.over(r.countSessions(hasKind("checkout_started")))
}

func (r *recount) funnel() figures {
	steps := []string{"product_viewed", "add_to_cart", "checkout_started", "purchase_completed"}
	out := r.sessionFigures(func(webSession) *big.Rat { return one }, func(webSession) string { return "visit" })
	for i, step := range steps {
		out = out.plus(r.sessionFigures(func(s webSession) *big.Rat {
			if s.steps(steps...) > i {
				return one
			}
			return new(big.Rat)
		}, func(webSession) string { return step }))
	}
	return out
}

func sourceAndDevice(s webSession) string { return s.source + " " + s.device }

func (r *recount) sourceSessions() figures {
	return r.sessionFigures(func(webSession) *big.Rat { return one }, sourceAndDevice)
}

// viewFigures counts page loads on their own days, of the sessions and of the
// stores' slices.
func (r *recount) viewFigures(item func(webSession) string) figures {
	out := figures{}
	count := func(s webSession, scope, store string) {
		for _, view := range s.pageViews() {
			for _, p := range periodsOf(view.Timestamp) {
				out.addAt(p.at(scope, store, item(s)), one)
			}
		}
	}
	for _, s := range r.sessions {
		count(s, "platform", noStore)
		for store, part := range s.slices {
			count(part, "store", store)
		}
	}
	return out
}

func (r *recount) pageViews() figures       { return r.viewFigures(noItem) }
func (r *recount) sourcePageViews() figures { return r.viewFigures(sourceAndDevice) }

func (r *recount) liveRevenue() figures {
	out := figures{}
	for _, e := range r.events {
		if e.web() && e.Type == "purchase_completed" {
			out.add(e.Timestamp, e.store(), "", e.Properties.Total.rat())
		}
	}
	return out
}
