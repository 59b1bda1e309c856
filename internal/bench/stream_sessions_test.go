package bench

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// The project's session_timeout_minutes and session_max_hours.
const (
	sessionGap = 30 * 60_000
	sessionCut = 24 * 3_600_000
)

// sessionsOf are the sessions that KPIs call so: the events of a session_id in their
// order, split where nothing came for 30 minutes, and each run cut every 24 hours.
func sessionsOf(facts []fact) map[string]string {
	by := map[uuid.UUID][]*fact{}
	for i := range facts {
		by[facts[i].session] = append(by[facts[i].session], &facts[i])
	}
	all := map[string]string{}
	for _, own := range by {
		slices.SortFunc(own, func(a, b *fact) int { return cmp.Compare(a.at, b.at) })
		island, first := own[0].at, 0
		for i, f := range own {
			gap := i > 0 && f.at-own[i-1].at > sessionGap
			if gap || i > 0 && (f.at-island)/sessionCut > (own[i-1].at-island)/sessionCut {
				addSession(all, own[first:i])
				first = i
			}
			if gap {
				island = f.at
			}
		}
		addSession(all, own[first:])
	}
	return all
}

// addSession writes down one: a page is viewed once, however many events say so.
func addSession(all map[string]string, own []*fact) {
	pages, views, revenue := map[uuid.UUID]bool{}, 0, int64(0)
	for _, f := range own {
		switch f.kind {
		case "page_view", "store_visited", "product_viewed":
			pages[f.pageView] = true
			views++
		case "purchase_completed":
			revenue += f.total
		}
	}
	bounced := 0
	if len(pages) == 1 && views == len(own) {
		bounced = 1
	}
	all[row(own[0].session, own[0].at)] = row(own[len(own)-1].at, len(own), len(pages), revenue, bounced)
}
