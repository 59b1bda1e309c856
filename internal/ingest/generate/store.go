package generate

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

type store struct {
	id         event.ID
	name       string
	email      string
	url        string
	language   string
	city       int // index into cities
	commission int // per cent
	created    int64
	theme      int     // index into categories
	shelf      []int32 // products on show, by popularity: its own, and a few of its neighbours'
	periods    []period
}

// open says whether the store has a subscription at the time: without one it
// is closed, and nobody visits it.
func (s *store) open(at int64) bool {
	for _, p := range s.periods {
		if at >= p.started && (p.ended == 0 || at < p.ended) {
			return true
		}
	}
	return false
}

// planAt is the store's current or last plan.
func (s *store) planAt(at int64) subscriptionPlan {
	current := s.periods[0].plan
	for _, p := range s.periods {
		if p.started <= at {
			current = p.plan
		}
	}
	return current
}

func (w *world) makeStore(i int, names *storeNames) {
	r := newStream(w.seed, kindStore, uint64(i))
	s := &w.storeList[i]
	s.id = r.id()
	s.city = cityWeights.draw(&r)
	s.theme = r.below(len(categories))
	s.language = "es"
	if r.chance(120) {
		s.language = "en"
	}
	s.commission = pick(&r, []int{8, 10, 12, 12, 15})
	s.created = w.storeOpening(i, &r)
	var slug string
	s.name, slug = names.next(w.seed, i, s)
	s.email = slug + "@tiendas.example"
	s.url = site + "/t/" + slug
	s.periods = w.subscriptions(i, s.created)
}

// storeOpening: the first stores opened in the three years before the range,
// the others in office hours of their day.
func (w *world) storeOpening(i int, r *stream) int64 {
	if i < w.stores {
		return w.from - int64(r.between(20, 1100))*dayLong + int64(r.between(12*3600, 22*3600))*second
	}
	day := 0
	for w.opened[day+1] <= i {
		day++
	}
	return w.from + int64(day)*dayLong + int64(r.between(12*3600, 22*3600))*second
}

// storeNames gives no name twice.
type storeNames struct{ seen map[string]bool }

func (n *storeNames) next(seed uint64, i int, s *store) (name, slug string) {
	r := newStream(seed, kindStoreName, uint64(i))
	shop := pick(&r, categories[s.theme].shops) + " " + pick(&r, shopNames)
	name = shop
	for more := 1; n.seen[name]; more++ {
		name = shop + " " + cities[s.city].name
		if more > 1 {
			name = fmt.Sprintf("%s %d", name, more)
		}
	}
	n.seen[name] = true
	return name, slugify(name)
}

var plainLetters = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", " ", "-")

func slugify(name string) string { return plainLetters.Replace(strings.ToLower(name)) }

// subscriptionPlan is what a store pays for.
type subscriptionPlan struct {
	name string
	fee  int64 // cents a month
}

var plans = []subscriptionPlan{{"basic", 0}, {"pro", 2900}, {"premium", 9900}}

// period is one row of subscriptions: a plan from started to ended, which is
// 0 while it lasts.
type period struct {
	plan           subscriptionPlan
	started, ended int64
}

const subscriptionMonth = 30 * dayLong

// subscriptions plays a store's life month by month up to the range's end:
// it changes plan, ends, comes back. The most popular store never ends, so
// that there is always one to visit.
func (w *world) subscriptions(i int, created int64) []period {
	r := newStream(w.seed, kindSubscription, uint64(i))
	level := []int{0, 0, 1, 1, 1, 2}[r.below(6)]
	list := []period{{plan: plans[level], started: created}}
	for at := created + subscriptionMonth; at < w.to; at += subscriptionMonth {
		last := &list[len(list)-1]
		roll := r.below(1000)
		back := at + int64(r.between(1, 4))*subscriptionMonth
		switch {
		case roll < 12 && i > 0:
			last.ended = at
			if r.chance(500) || back >= w.to {
				return list
			}
			list = append(list, period{plan: plans[level], started: back})
			at = back
		case roll < 40 && level < 2:
			level++
			last.ended = at
			list = append(list, period{plan: plans[level], started: at})
		case roll < 55 && level > 0:
			level--
			last.ended = at
			list = append(list, period{plan: plans[level], started: at})
		}
	}
	return list
}
