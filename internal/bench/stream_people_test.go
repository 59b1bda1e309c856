package bench

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// fact is an event as the ledger has it: what figures come from, and nothing that
// tiendi worked out.
type fact struct {
	id, session, user, store, pageView uuid.UUID
	kind, source                       string
	at                                 int64 // Unix milliseconds
	items                              []item
	total                              int64 // hundredths
}

// item is a product of an event, and how many at which price.
type item struct {
	product  uuid.UUID
	quantity int64
	price    int64 // hundredths
}

// visitor is who distinct counts count.
func (f *fact) visitor() uuid.UUID {
	if f.user != uuid.Nil {
		return f.user
	}
	return f.session
}

// The shops' stores, their products, and from where people come.
const (
	storyStores   = 5
	storyProducts = 8
)

var storySources = []string{"direct", "newsletter", "ads", "search", "referral"}

func storeNumber(n int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceDNS, fmt.Append(nil, "store", n))
}

func productNumber(store, n int) uuid.UUID {
	return uuid.NewSHA1(storeNumber(store), fmt.Append(nil, "product", n))
}

// person visits the shops, one page after the other.
type person struct {
	random        *rand.Rand
	user, session uuid.UUID
	source        string
	due           time.Time // of the next page
	restless      bool      // never away for long: sessions longer than a day
}

func newPerson(random *rand.Rand, now time.Time) *person {
	p := &person{random: random, due: now.Add(time.Duration(random.Int64N(int64(10 * time.Minute)))), restless: random.IntN(20) == 0}
	if random.IntN(5) < 3 {
		p.user = uuid.New()
	}
	p.arrive()
	return p
}

// arrive begins a new session_id.
func (p *person) arrive() {
	p.session, p.source = uuid.New(), storySources[p.random.IntN(len(storySources))]
}

// act is the page that is due, and decides on the next.
func (p *person) act() []fact {
	at, pageView := p.due, uuid.New()
	if p.random.IntN(3) == 0 {
		at = at.Add(-time.Duration(p.random.Int64N(int64(networkDelay))))
	}
	facts := p.page()
	for i := range facts {
		f := &facts[i]
		f.id, f.session, f.user, f.pageView, f.source = uuid.New(), p.session, p.user, pageView, p.source
		f.at = at.UnixMilli() + int64(i)*700
	}
	pause := time.Duration(p.random.Int64N(int64(4 * time.Minute)))
	switch chance := p.random.IntN(100); {
	case p.restless:
	case chance < 5: // comes back with the session_id of before
		pause += 31*time.Minute + time.Duration(p.random.Int64N(int64(time.Hour)))
	case chance < 15:
		pause += 10 * time.Minute
		p.arrive()
	}
	p.due = p.due.Add(pause)
	return facts
}

// page is what somebody does on one page.
func (p *person) page() []fact {
	store := p.random.IntN(storyStores)
	one := func() item {
		n := p.random.IntN(storyProducts)
		return item{productNumber(store, n), 1 + p.random.Int64N(3), 199 + 100*int64(n)}
	}
	in := func(kind string, items ...item) fact {
		return fact{kind: kind, store: storeNumber(store), items: items}
	}
	switch chance := p.random.IntN(20); {
	case chance < 3:
		return []fact{{kind: "page_view"}}
	case chance < 6:
		return []fact{in("store_visited")}
	case chance < 14:
		return []fact{in("product_viewed", one())}
	case chance < 17:
		seen := one()
		return []fact{in("product_viewed", seen), in("add_to_cart", seen)}
	}
	basket := []item{one(), one()}
	if p.random.IntN(2) == 0 {
		return []fact{in("checkout_started", basket...)}
	}
	bought := in("purchase_completed", basket...)
	bought.total = 500
	for _, i := range basket {
		bought.total += i.quantity * i.price
	}
	return []fact{in("checkout_started", basket...), bought}
}
