package sessionize

import (
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// summary is a session as far as its events are folded in, in order. It can be
// resumed.
type summary struct {
	record.Session
	startedAt, at int64 // of the first and the last event
	steps         uint32
	views         uint64 // events of page views, of one page load or not
	seen          []event.ID
	// Times in milliseconds, 0 for none: the first of a kind, and the last purchase.
	cart, checkout, purchase int64
}

// maxSeen is how many page_view_ids a session keeps of events that are not held.
const maxSeen = 1024

// maxStores is how many stores a session is told to have been in, the first that
// come: whoever makes up one with each event must not make a session that no message
// of the log has room for.
const maxStores = 256

// summarise gives the session of a piece. It is the same summary each time.
func (s *Sessionizer) summarise(id event.ID, p *piece, f *front, events []held) *summary {
	m, seen := &s.summary, s.summary.seen[:0]
	*m = summary{}
	if m.SessionID = id; p.resumes {
		*m = *f.base
		m.Stores, seen = slices.Clip(m.Stores), append(seen, m.seen...)
	}
	m.seen = seen
	part := events[p.from:p.to]
	if len(part) == 0 {
		return m
	}
	if m.Events == 0 {
		m.startedAt, m.at = part[0].at, part[0].at
		m.EntryURL = s.names.text(part[0].page)
		setOrigin(&m.Session, s.names.text(part[0].origin))
	}
	m.ExitURL = s.names.text(part[len(part)-1].page)
	for i := range part {
		s.add(m, &part[i])
	}
	return m
}

func (s *Sessionizer) add(m *summary, e *held) {
	k := &s.rules.kinds[e.kind]
	m.walk(e.at, k.steps, s.rules.steps)
	m.at = e.at
	m.Events++
	if m.UserID.IsZero() {
		m.UserID = e.user
	}
	if e.store != 0 && len(m.Stores) < maxStores {
		if id := event.ID([]byte(s.names.text(e.store))); !slices.Contains(m.Stores, id) {
			m.Stores = append(m.Stores, id)
		}
	}
	if k.view {
		m.view(e.pageView)
	}
	m.HasProductView = m.HasProductView || k.product
	switch {
	case k.cart && !m.HasCart:
		m.HasCart, m.cart = true, e.at
	case k.checkout && !m.HasCheckout:
		m.HasCheckout, m.checkout = true, e.at
	case k.purchase:
		m.HasPurchase, m.purchase = true, e.at
		m.Revenue = event.AddMoney(m.Revenue, e.money)
	}
}

// walk goes on in the funnel. Steps of one moment count in whatever order they
// come: each step is at or after the one before.
func (m *summary) walk(at int64, steps uint32, all int) {
	if at != m.at {
		m.steps = 0
	}
	m.steps |= steps
	for int(m.ReachedStep) < all && m.steps&(1<<m.ReachedStep) != 0 {
		m.ReachedStep++
	}
}

// view counts a page load by its first event.
func (m *summary) view(id event.ID) {
	m.views++
	if !id.IsZero() {
		if slices.Contains(m.seen, id) {
			return
		}
		m.seen = append(m.seen, id)
	}
	m.PageViews++
}

// session gives what the summary comes to.
func (s *Sessionizer) session(m *summary, revision uint64, closed bool) record.Session {
	r := m.Session
	r.StartedAt, r.EndedAt = moment(m.startedAt), moment(m.at)
	r.Revision, r.Closed = revision, closed
	r.PurchaseAfterCart = r.HasCart && r.HasPurchase && m.purchase >= m.cart
	r.PurchaseAfterCheckout = r.HasCheckout && r.HasPurchase && m.purchase >= m.checkout
	r.Bounced = r.PageViews == 1 && r.Events == m.views
	r.Engaged = m.at-m.startedAt > s.rules.engaged || r.PageViews >= 2 || r.HasCart || r.HasCheckout || r.HasPurchase
	r.ReachedStep++
	return r
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
