package main

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// webSession is a run of one session_id's web events, in order.
type webSession struct {
	events         []shopEvent
	device, source string // of the first event, for slices of the whole session's
	// slices are the events that name a store, by store; a slice has none.
	slices map[string]webSession
}

func (s webSession) started() time.Time { return s.events[0].Timestamp }
func (s webSession) duration() time.Duration {
	return s.events[len(s.events)-1].Timestamp.Sub(s.started())
}

// cutSessions splits where neighbours are more than 30 minutes apart, and each
// such run every 24 hours from its first event.
func (r *recount) cutSessions() {
	byID := map[string][]shopEvent{}
	for _, e := range r.events {
		if e.web() {
			byID[e.Session] = append(byID[e.Session], e)
		}
	}
	for _, events := range byID {
		slices.SortFunc(events, func(a, b shopEvent) int {
			return cmp.Or(a.Timestamp.Compare(b.Timestamp), strings.Compare(a.ID, b.ID))
		})
		runStart, from := events[0].Timestamp, 0
		for i := 1; i <= len(events); i++ {
			if i == len(events) {
				r.addSession(events[from:])
				break
			}
			now := events[i].Timestamp
			gap := now.Sub(events[i-1].Timestamp) > 30*time.Minute
			if gap || now.Sub(runStart)/(24*time.Hour) != events[i-1].Timestamp.Sub(runStart)/(24*time.Hour) {
				r.addSession(events[from:i])
				from = i
			}
			if gap {
				runStart = now
			}
		}
	}
}

func (r *recount) addSession(events []shopEvent) {
	first := events[0].Context
	s := webSession{events, first.DeviceType, trafficSource(first.PageURL, first.Referrer), map[string]webSession{}}
	for _, e := range events {
		if e.store() != noStore {
			part := s.slices[e.store()]
			part.events, part.device, part.source = append(part.events, e), s.device, s.source
			s.slices[e.store()] = part
		}
	}
	r.sessions = append(r.sessions, s)
}

var (
	searchSites = regexp.MustCompile(`(^|\.)(google|bing|duckduckgo|yahoo|ecosia|baidu)\.`)
	socialSites = regexp.MustCompile(`(^|\.)(facebook|instagram|tiktok|twitter|x|t|pinterest|linkedin|youtube|whatsapp)\.(com|co)$`)
)

// trafficSource is the UTM source, or else what kind of site the referrer is.
func trafficSource(page, referrer string) string {
	here, err := url.Parse(page)
	if err != nil {
		return "no page"
	}
	if utm := here.Query().Get("utm_source"); utm != "" {
		return strings.ToLower(utm)
	}
	from, err := url.Parse(referrer)
	switch {
	case err != nil || referrer == "" || from.Hostname() == here.Hostname():
		return "direct"
	case searchSites.MatchString(from.Hostname()):
		return "search"
	case socialSites.MatchString(from.Hostname()):
		return "social"
	}
	return "referral"
}

// pageViews are the events that each stand for a page load: of those that
// carry one page_view_id, the first.
func (s webSession) pageViews() []shopEvent {
	var views []shopEvent
	seen := map[string]bool{}
	for _, e := range s.events {
		id := e.Context.PageViewID
		if !slices.Contains(pageViewTypes, e.Type) || id != "" && seen[id] {
			continue
		}
		seen[id] = true
		views = append(views, e)
	}
	return views
}

var pageViewTypes = []string{"page_view", "store_visited", "product_viewed"}

func (s webSession) has(kind string) bool {
	return slices.ContainsFunc(s.events, func(e shopEvent) bool { return e.Type == kind })
}

// bounced: exactly one page view and no other web event.
func (s webSession) bounced() bool {
	others := slices.ContainsFunc(s.events, func(e shopEvent) bool { return !slices.Contains(pageViewTypes, e.Type) })
	return !others && len(s.pageViews()) == 1
}

func (s webSession) engaged() bool {
	return s.duration() > 10*time.Second || len(s.pageViews()) >= 2 ||
		s.has("add_to_cart") || s.has("checkout_started") || s.has("purchase_completed")
}

// then says whether some event of one kind is followed, at or after it, by one
// of the other.
func (s webSession) then(kind, later string) bool {
	for _, first := range s.events {
		for _, e := range s.events {
			if first.Type == kind && e.Type == later && !e.Timestamp.Before(first.Timestamp) {
				return true
			}
		}
	}
	return false
}

// steps is how many of these kinds the session reaches in this order, each at
// or after the one before.
func (s webSession) steps(kinds ...string) int {
	var since time.Time
	for reached, kind := range kinds {
		i := slices.IndexFunc(s.events, func(e shopEvent) bool { return e.Type == kind && !e.Timestamp.Before(since) })
		if i < 0 {
			return reached
		}
		since = s.events[i].Timestamp
	}
	return len(kinds)
}
