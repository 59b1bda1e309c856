package sessionize

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Options are the project's vars, and how late events may be.
type Options struct {
	Timeout    time.Duration // session_timeout_minutes
	Longest    time.Duration // session_max_hours
	EngagedFor time.Duration // engaged_session_seconds
	// Lateness is how far the watermark stays behind the latest event.
	Lateness    time.Duration
	Web         []event.Type // web_event_types
	PageViews   []event.Type // page_view_event_types
	FunnelSteps []event.Type // funnel_steps, the visit itself not among them
}

// Stats say what a Sessionizer holds.
type Stats struct {
	Visitors int    // session_ids with an open session
	Events   int    // held for them
	TooLate  uint64 // events that were not taken, since the beginning of the log
}

// maxSteps is how many conditions ClickHouse's windowFunnel takes.
const maxSteps = 32

// rules are the options as events are folded by them; times in milliseconds.
type rules struct {
	timeout, longest, engaged int64
	codes                     map[event.Type]uint32
	kinds                     []kind // by code
	steps                     int
}

// kind is what a type of event means for a session.
type kind struct {
	view, product, cart, checkout, purchase bool
	steps                                   uint32 // bit i: the type is step i of the funnel
}

func newRules(o *Options) (*rules, error) {
	if o.Timeout < time.Millisecond || o.Longest < time.Millisecond || o.Lateness < 0 {
		return nil, fmt.Errorf("sessions with a timeout of %v, cut every %v, events up to %v late: "+
			"set session_timeout_minutes and session_max_hours above 0, and a lateness that is not negative", o.Timeout, o.Longest, o.Lateness)
	}
	if len(o.FunnelSteps) > maxSteps {
		return nil, fmt.Errorf("funnel_steps has %d steps, and %d is the most: drop some", len(o.FunnelSteps), maxSteps)
	}
	if len(o.Web) == 0 {
		return nil, errors.New("web_event_types is empty, so that there can be no session: name the types that make one")
	}
	r := &rules{
		timeout: o.Timeout.Milliseconds(), longest: o.Longest.Milliseconds(), engaged: o.EngagedFor.Milliseconds(),
		codes: map[event.Type]uint32{}, steps: len(o.FunnelSteps),
	}
	for _, t := range o.Web {
		if _, known := r.codes[t]; !known {
			r.codes[t] = uint32(len(r.kinds))
			r.kinds = append(r.kinds, o.kind(t))
		}
	}
	return r, nil
}

func (o *Options) kind(t event.Type) kind {
	k := kind{
		view:    slices.Contains(o.PageViews, t),
		product: t == event.ProductViewed, cart: t == event.AddToCart,
		checkout: t == event.CheckoutStarted, purchase: t == event.PurchaseCompleted,
	}
	for i, step := range o.FunnelSteps {
		if step == t {
			k.steps |= 1 << i
		}
	}
	return k
}

// String says all that a snapshot depends on.
func (o *Options) String() string {
	return fmt.Sprintf("timeout %v, cut every %v, engaged for %v, late by %v, web %v, page views %v, funnel %v",
		o.Timeout, o.Longest, o.EngagedFor, o.Lateness, o.Web, o.PageViews, o.FunnelSteps)
}
