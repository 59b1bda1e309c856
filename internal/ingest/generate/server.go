package generate

import "github.com/tiendi/tiendi/internal/event"

// What the platform says of itself; no visitor has this address.
const (
	serverAgent = "tiendi-api/1.0"
	probeAgent  = "tiendi-probe/1.0"
	serverIP    = "2001:db8::1"
)

// apiRequest is the request behind a web event; not every one is sampled.
func (v *session) apiRequest(typ event.Type) {
	r := &v.rng
	method, route, median := "GET", "/api/pages", int64(40)
	switch typ {
	case event.StoreVisited:
		route, median = "/api/stores/{id}", 55
	case event.ProductViewed, event.ProductClick:
		route, median = "/api/products/{id}", 48
	case event.SearchPerformed:
		route, median = "/api/search", 130
	case event.AddToCart, event.RemoveFromCart:
		method, route, median = "POST", "/api/cart", 70
	case event.CheckoutStarted:
		method, route, median = "POST", "/api/checkout", 180
	case event.PurchaseCompleted:
		method, route, median = "POST", "/api/orders", 260
	}
	status := v.apiStatus()
	if v.w.has(int((v.at-v.w.from)/dayLong), SlowAPI) {
		median *= 8
	}
	duration := max(1, r.lognormal(median, 0.6))
	v.props = appendRequest(v.props[:0], method, route, status, duration)
	v.sendServer(event.APIRequest, v.at+int64(r.between(1, 60)))
}

func (v *session) apiStatus() int {
	roll := v.rng.below(1000)
	switch {
	case v.w.down(v.at) && roll < 700:
		return 503
	case roll < 4:
		return 500
	case roll < 24:
		return 404
	}
	return 200
}

// probes sends the health probes that are due in the slot. In a downtime most
// are answered with 503, and one in four is missing: the prober's own network
// is down too.
func (s *slot) probes() {
	if s.w.probe == 0 {
		return
	}
	due := (s.spec.span.from + s.w.probe - 1) / s.w.probe * s.w.probe
	for ; due < min(s.spec.span.to, s.w.to); due += s.w.probe {
		r := newStream(s.w.seed, kindProbe, uint64(due))
		s.tally.ProbesDue++
		status, duration := 200, r.lognormal(22, 0.4)
		if s.w.down(due) {
			if r.chance(250) {
				continue
			}
			status, duration = 503, 2000
		} else {
			s.tally.ProbesUp++
		}
		s.props = appendProbe(s.props[:0], status, duration)
		s.sendOwn(&r, event.HealthProbe, due+int64(r.below(40)), probeAgent)
	}
}

// openings announces the stores that open in the slot.
func (s *slot) openings() {
	for i := s.w.opened[s.spec.day]; i < s.w.opened[s.spec.day+1]; i++ {
		opened := &s.w.storeList[i]
		if at := opened.created; at >= s.spec.span.from && at < min(s.spec.span.to, s.w.to) {
			r := newStream(s.w.seed, kindStoreOpening, uint64(i))
			s.props = appendStoreCreated(s.props[:0], opened)
			s.sendOwn(&r, event.StoreCreated, at, serverAgent)
		}
	}
}

// sendOwn emits an event of the platform's own, of no visit.
func (s *slot) sendOwn(r *stream, typ event.Type, at int64, agent string) {
	s.ev.Type = typ
	s.ev.SessionID = r.id()
	s.ev.UserID = event.ID{}
	s.ev.Context = event.Context{IP: serverIP, UserAgent: agent}
	s.put(r, at)
}
