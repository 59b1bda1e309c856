package sessionize

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// someone is whose session the cases below are about.
var someone = event.ID{1}

// an makes an event of a type at so many seconds from start. Its id follows the
// order in which events are made.
func an(kind event.Type, second float64, change ...func(*record.Event)) record.Event {
	made++
	e := record.Event{}
	e.EventID, e.SessionID, e.Type = event.ID{byte(made >> 8), byte(made)}, someone, kind
	e.Timestamp = start.Add(time.Duration(second * float64(time.Second)))
	e.Properties = []byte(`{}`)
	for _, do := range change {
		do(&e)
	}
	return e
}

var made int

func load(id byte) func(*record.Event) {
	return func(e *record.Event) { e.Context.PageViewID = event.ID{id} }
}
func user(id byte) func(*record.Event) { return func(e *record.Event) { e.UserID = event.ID{id} } }
func store(id byte) func(*record.Event) {
	return func(e *record.Event) { e.StoreID = event.ID{id} }
}
func total(text string) func(*record.Event) {
	return func(e *record.Event) { e.Properties = []byte(`{"total":` + text + `}`) }
}
func from(page, device string) func(*record.Event) {
	return func(e *record.Event) {
		e.Context.PageURL, e.Context.DeviceType = page, event.Device(device)
		e.Context.OS, e.Context.Browser, e.Country, e.Source = device+" os", device+" browser", device+" country", device+" source"
	}
}

// said writes of sessions what the cases ask for.
func said(sessions []record.Session, what func(*record.Session) string) string {
	var b strings.Builder
	for i := range sessions {
		s := &sessions[i]
		fmt.Fprintf(&b, "%v:%s ", s.StartedAt.Sub(start), what(s))
	}
	return strings.TrimSpace(b.String())
}

func counts(s *record.Session) string { return fmt.Sprintf("%d", s.Events) }
func views(s *record.Session) string  { return fmt.Sprintf("%d", s.PageViews) }
func step(s *record.Session) string   { return fmt.Sprintf("%d", s.ReachedStep) }
func money(s *record.Session) string  { return fmt.Sprintf("%d", s.Revenue) }
func flags(s *record.Session) string {
	all := ""
	for i, set := range []bool{s.HasProductView, s.HasCart, s.HasCheckout, s.HasPurchase, s.PurchaseAfterCart, s.PurchaseAfterCheckout, s.Bounced, s.Engaged} {
		if set {
			all += string("vcopCOBE"[i])
		}
	}
	return all
}
func who(s *record.Session) string { return fmt.Sprint(s.UserID[0], len(s.Stores)) }
func origin(s *record.Session) string {
	return strings.Join([]string{s.EntryURL, s.ExitURL, string(s.Device), s.OS, s.Browser, s.Country, s.Source}, ",")
}

const minutes, hours = 60.0, 3600.0

// published flushes, and gives the sessions that are wanted.
func published(t *testing.T, s *Sessionizer, wanted func(*record.Session) bool) (all []record.Session) {
	t.Helper()
	if err := s.Flush(true, func(part []record.Session) error {
		for i := range part {
			if wanted(&part[i]) {
				all = append(all, part[i])
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRules(t *testing.T) {
	const view, product, cart, checkout, purchase = event.PageView, event.ProductViewed, event.AddToCart, event.CheckoutStarted, event.PurchaseCompleted
	for name, c := range map[string]struct {
		what   func(*record.Session) string
		want   string
		events []record.Event
	}{
		"a gap of the timeout":    {counts, "0s:2", []record.Event{an(view, 0), an(view, 30*minutes)}},
		"a longer gap":            {counts, "0s:1 30m0.001s:1", []record.Event{an(view, 0), an(view, 30*minutes+.001)}},
		"only people's web":       {counts, "0s:1", []record.Event{an(view, 0), an(event.PaymentFailed, 1), an(view, 2, func(e *record.Event) { e.Bot = true }), an(view, 3, func(e *record.Event) { e.Unsettled = true }), an(view, 4, func(e *record.Event) { e.SessionID = event.ID{} })}},
		"page loads":              {views, "0s:4", []record.Event{an(cart, 0, load(1)), an(view, 1, load(1)), an(product, 2, load(1)), an(view, 3, load(2)), an(view, 4), an(view, 5)}},
		"a bounce":                {flags, "0s:B", []record.Event{an(view, 0, load(1)), an(view, 10, load(1))}},
		"two views":               {flags, "0s:vE", []record.Event{an(view, 0), an(product, 0)}},
		"no view":                 {flags, "0s:", []record.Event{an(event.SearchPerformed, 0)}},
		"a view and a click":      {flags, "0s:", []record.Event{an(view, 0), an(event.ProductClick, 10)}},
		"long enough":             {flags, "0s:E", []record.Event{an(view, 0), an(event.ProductClick, 10.001)}},
		"a cart":                  {flags, "0s:cE", []record.Event{an(cart, 0)}},
		"a purchase":              {flags, "0s:pE", []record.Event{an(purchase, 0)}},
		"a purchase before":       {flags, "0s:copE", []record.Event{an(purchase, 0), an(cart, 1), an(checkout, 2)}},
		"a purchase between":      {flags, "1s:copCE", []record.Event{an(cart, 1), an(purchase, 2), an(checkout, 3)}},
		"a purchase at once":      {flags, "0s:copCOE", []record.Event{an(purchase, 0), an(cart, 0), an(checkout, 0)}},
		"the last purchase":       {flags, "0s:copCOE", []record.Event{an(purchase, 0), an(cart, 1), an(checkout, 2), an(purchase, 3)}},
		"the visit alone":         {step, "0s:1", []record.Event{an(view, 0), an(cart, 1), an(purchase, 2)}},
		"all steps":               {step, "0s:5", []record.Event{an(product, 0), an(cart, 1), an(checkout, 2), an(purchase, 3)}},
		"steps at once":           {step, "0s:5", []record.Event{an(purchase, 0), an(checkout, 0), an(cart, 0), an(product, 0)}},
		"steps in another order":  {step, "0s:3", []record.Event{an(checkout, 0), an(product, 1), an(cart, 2), an(purchase, 3)}},
		"steps with a detour":     {step, "0s:4", []record.Event{an(product, 0), an(purchase, 1), an(cart, 2), an(product, 3), an(checkout, 4)}},
		"money":                   {money, "0s:1299", []record.Event{an(purchase, 0, total("12.5")), an(purchase, 1, total("0.49")), an(view, 2, total("7"))}},
		"money that no float has": {money, "0s:9007199254740993", []record.Event{an(purchase, 0, total("90071992547409.93"))}},
		"who":                     {who, "0s:7 2", []record.Event{an(view, 0, store(1)), an(view, 1, user(7), store(2)), an(view, 2, user(8), store(1))}},
		"the first and last page": {origin, "0s:a,c,mobile,mobile os,mobile browser,mobile country,mobile source", []record.Event{an(view, 0, from("a", "mobile")), an(view, 1, from("b", "tablet")), an(view, 2, from("c", ""))}},
		"ids order a moment":      {origin, "0s:a,b,, os, browser, country, source", []record.Event{an(view, 0, from("a", "")), an(view, 0, from("b", ""))}},
	} {
		for _, backwards := range []bool{false, true} {
			o := shopOptions()
			o.Lateness = 30 * time.Hour
			s := newSessionizer(t, o)
			for i := range c.events {
				if backwards {
					i = len(c.events) - 1 - i
				}
				s.Fold(&record.Batch{At: start, Events: c.events[i : i+1]}, uint64(i))
			}
			s.Fold(&record.Batch{Kind: record.Tick, At: start.Add(100 * time.Hour)}, 100)
			got := published(t, s, func(p *record.Session) bool { return !p.Gone })
			if said := said(got, c.what); said != c.want {
				t.Errorf("%s (backwards %v): %s, want %s", name, backwards, said, c.want)
			}
		}
	}
}
