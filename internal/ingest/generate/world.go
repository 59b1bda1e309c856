package generate

import "github.com/tiendi/tiendi/internal/event"

// site is where the shop lives: a name that nobody can own.
const site = "https://tiendi.example"

// world is the plan and the things in it that are kept in memory: stores and
// products. Users are not kept: each is computed when asked for.
type world struct {
	*plan
	storeList []store
	products  []product
	ranks     weights // popularity of the n-th store, and of a store's n-th product
}

// maxShelf is the most products that a store can show.
const maxShelf = 120

func newWorld(p *plan) *world {
	w := &world{plan: p}
	count := p.opened[p.days]
	w.ranks = zipf(max(count, maxShelf), 2)
	names := storeNames{seen: make(map[string]bool, count)}
	w.storeList = make([]store, count)
	for i := range w.storeList {
		w.makeStore(i, &names)
		w.makeProducts(i)
	}
	return w
}

// user computes the i-th user. Those from before the range signed up in the
// two years before it, most of them lately; the others sign up in a session,
// which says when.
func (w *world) user(i int) user {
	r := newStream(w.seed, kindUser, uint64(i))
	u := user{id: r.id(), city: cityWeights.draw(&r)}
	if i < w.users {
		const twoYears = 730 * dayLong
		share := int64(r.below(1 << 15))
		u.created = w.from - minute - twoYears/(1<<30)*share*share
	}
	return u
}

type user struct {
	id      event.ID
	city    int   // index into cities
	created int64 // milliseconds since 1970; 0 for those who sign up in the range
}

// knownUser draws a user who signed up before yesterday's end, whatever the
// hour. Half of them are recent, the others favour the oldest, who come back
// most.
func (w *world) knownUser(r *stream, day int) int {
	n := w.userBase[max(0, day-1)]
	if r.chance(500) {
		return n - 1 - r.below(max(1, n/4))
	}
	x := r.below(1 << 20)
	return int(int64(n) * int64(x) >> 20 * int64(x) >> 20)
}

// openStore draws a store that is open at the time, by popularity, and seeks
// one in the visitor's country first.
func (w *world) openStore(r *stream, day int, at int64, country int) int {
	ranks := w.ranks[:w.opened[day]]
	fallback := 0
	for try := range 8 {
		i := ranks.draw(r)
		s := &w.storeList[i]
		if !s.open(at) {
			continue
		}
		if try >= 5 || cities[s.city].country == country {
			return i
		}
		fallback = i
	}
	return fallback
}

// shelfProduct draws a product that the store shows at the time.
func (w *world) shelfProduct(r *stream, storeIndex int, at int64) int {
	shelf := w.storeList[storeIndex].shelf
	ranks := w.ranks[:len(shelf)]
	for range 4 {
		if i := shelf[ranks.draw(r)]; w.products[i].created <= at {
			return int(i)
		}
	}
	return int(shelf[0])
}

// companions is how many products of the shelf go with a product.
const companions = 3

// companionProduct draws one of the products of the store that go with the
// given one, as a lamp goes with a table: the first of them half of the time.
// Where the store does not show it yet, any product will do.
func (w *world) companionProduct(r *stream, storeIndex, of int, at int64) int {
	shelf := w.storeList[storeIndex].shelf
	which := 0
	for which < companions-1 && r.chance(500) {
		which++
	}
	fixed := newStream(w.seed, kindCompanion, uint64(storeIndex), uint64(of), uint64(which))
	if i := int(shelf[fixed.below(len(shelf))]); i != of && w.products[i].created <= at {
		return i
	}
	return w.shelfProduct(r, storeIndex, at)
}
