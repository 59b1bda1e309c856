package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Scope is something that a token may do.
type Scope string

// The scopes. Others in a token are another system's, and say nothing here.
const (
	Metrics         Scope = "metrics"         // ask for metrics
	Live            Scope = "live"            // read live figures
	Reports         Scope = "reports"         // read reports
	Recommendations Scope = "recommendations" // ask what to suggest
	Platform        Scope = "platform"        // see all stores, and the platform's own figures
)

// Scopes are all of them.
var Scopes = []Scope{Metrics, Live, Reports, Recommendations, Platform}

// Principal is whom a request comes from.
type Principal struct {
	Subject string     // who, in the issuer's words
	Stores  []event.ID // whose rows it may see: in order, each once
	Scopes  []Scope    // what it may do
	Origins []string   // of pages that it may be used in, https://shop.example; none: it is not bound to any
	Embed   *Embed     // the chart of a token that shows one, nil of others
	Expires time.Time  // from then on the token is nothing
}

// May says whether it may do that.
func (p Principal) May(s Scope) bool { return slices.Contains(p.Scopes, s) }

// Sees says whether it may see the rows of a store.
func (p Principal) Sees(store event.ID) bool {
	_, found := slices.BinarySearchFunc(p.Stores, store, compareIDs)
	return p.May(Platform) || found
}

// From says whether it may be used in a page of an origin, by the header of that name.
func (p Principal) From(origin string) bool {
	return len(p.Origins) == 0 || slices.Contains(p.Origins, origin)
}

// Tenant names the rows that it may see: equal for two that see the same, and different
// for all others. Caches and quotas are kept by it.
func (p Principal) Tenant() string {
	if p.May(Platform) {
		return "platform"
	}
	sum := sha256.New()
	for _, id := range p.Stores {
		sum.Write(id[:])
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

func compareIDs(a, b event.ID) int { return slices.Compare(a[:], b[:]) }
