package record

import (
	"encoding/binary"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Session is a session as the stream knows it, by KPIS.md's rules. Its key is
// SessionID and StartedAt. Of two with one key the higher revision counts.
type Session struct {
	SessionID event.ID
	StartedAt time.Time // of its first event
	EndedAt   time.Time // of its last event
	UserID    event.ID  // the first known one, zero for none
	// Revision is the offset of the enriched batch that changed it last.
	Revision uint64
	// Closed sessions take no more events.
	Closed bool
	// Gone sessions have become a part of another, or begin at another time now.
	Gone bool

	Events, PageViews uint64
	EntryURL, ExitURL string // pages of the first and the last event
	Device            event.Device
	OS, Browser       string
	Country, Source   string // of its first event, as Device, OS and Browser
	Stores            []event.ID

	HasProductView, HasCart, HasCheckout, HasPurchase bool
	PurchaseAfterCart, PurchaseAfterCheckout          bool
	Bounced, Engaged                                  bool
	// ReachedStep is how far the funnel was walked in order: 1 is the visit.
	ReachedStep uint8
	Revenue     int64 // of its purchases, in hundredths
}

// Duration is from the first to the last event.
func (s *Session) Duration() time.Duration { return s.EndedAt.Sub(s.StartedAt) }

func appendSession(dst []byte, s *Session) []byte {
	dst = appendIDs(dst, s.SessionID, s.UserID)
	dst = appendTime(appendTime(dst, s.StartedAt), s.EndedAt)
	for _, n := range [...]uint64{s.Revision, s.Events, s.PageViews} {
		dst = binary.AppendUvarint(dst, n)
	}
	for _, t := range [...]string{s.EntryURL, s.ExitURL, string(s.Device), s.OS, s.Browser, s.Country, s.Source} {
		dst = appendText(dst, t)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.Stores)))
	for _, id := range s.Stores {
		dst = append(dst, id[:]...)
	}
	dst = appendFlags(dst, s.Closed, s.Gone, s.HasProductView, s.HasCart, s.HasCheckout, s.HasPurchase, s.PurchaseAfterCart, s.PurchaseAfterCheckout)
	dst = appendFlags(dst, s.Bounced, s.Engaged)
	return binary.AppendVarint(append(dst, s.ReachedStep), s.Revenue)
}

func (r *reader) session(s *Session) {
	r.ids(&s.SessionID, &s.UserID)
	s.StartedAt, s.EndedAt = r.time(), r.time()
	s.Revision, s.Events, s.PageViews = r.uint(), r.uint(), r.uint()
	s.EntryURL, s.ExitURL, s.Device = r.str(), r.str(), event.Device(r.str())
	s.OS, s.Browser, s.Country, s.Source = r.str(), r.str(), r.str(), r.str()
	s.Stores = make([]event.ID, r.count(len(event.ID{})))
	for i := range s.Stores {
		from, to := r.take(uint64(len(event.ID{})))
		copy(s.Stores[i][:], r.b[from:to])
	}
	r.flags(&s.Closed, &s.Gone, &s.HasProductView, &s.HasCart, &s.HasCheckout, &s.HasPurchase, &s.PurchaseAfterCart, &s.PurchaseAfterCheckout)
	r.flags(&s.Bounced, &s.Engaged)
	s.ReachedStep, s.Revenue = r.byte(), r.int()
}
