package api

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/tiendi/tiendi/internal/client"
)

// addresses limit what comes from one: a token that stands in a page is everybody's.
type addresses struct {
	rates   *client.Rates[netip.Addr]
	trusted []netip.Prefix
	clock   func() time.Time
}

func newAddresses(o Options) (*addresses, error) {
	rates, err := client.NewRates[netip.Addr](o.Limits.AddressRate, 1)
	return &addresses{rates: rates, trusted: o.TrustedProxies, clock: o.Clock}, err
}

// admit counts a request.
func (a *addresses) admit(r *http.Request) error {
	from := client.Neighbourhood(client.Address(r, a.trusted))
	if wait := a.rates.Take(from, 1, a.clock()); wait > 0 {
		return later(http.StatusTooManyRequests, max(wait, time.Second), "more requests than the limit of one address")
	}
	return nil
}
