package client

import (
	"math"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// maxLimiters bounds how many senders are told apart. One that is forgotten
// begins anew with a full bucket.
const maxLimiters = 1 << 16

// Rates limits how much each sender sends. They may be used by many at once.
type Rates[K comparable] struct {
	limit    rate.Limit
	burst    int
	limiters *lru.Cache[K, *rate.Limiter]
}

// NewRates allows so much a second, and bursts of at least burst; 0 allows all.
func NewRates[K comparable](perSecond float64, burst int) (*Rates[K], error) {
	cache, err := lru.New[K, *rate.Limiter](maxLimiters)
	burst = max(burst, int(math.Ceil(2*perSecond)))
	return &Rates[K]{limit: rate.Limit(perSecond), burst: burst, limiters: cache}, err
}

// Take gives 0 if n more are allowed, else how long to wait.
func (r *Rates[K]) Take(sender K, n int, now time.Time) time.Duration {
	if r.limit == 0 || n == 0 {
		return 0
	}
	limiter, ok := r.limiters.Get(sender)
	if !ok {
		limiter = rate.NewLimiter(r.limit, r.burst)
		// Another request of the same sender may have been faster.
		if first, found, _ := r.limiters.PeekOrAdd(sender, limiter); found {
			limiter = first
		}
	}
	reservation := limiter.ReserveN(now, n)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// Neighbourhood is what counts as one address: a household has a whole /64.
func Neighbourhood(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	network, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return network.Addr()
}
