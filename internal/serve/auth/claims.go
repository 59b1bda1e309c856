package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tiendi/tiendi/internal/event"
)

// maxStores bounds the stores of one token.
const maxStores = 1000

// claims are those of a token.
type claims struct {
	jwt.RegisteredClaims
	Stores []string `json:"stores,omitempty"`
	Scope  string   `json:"scope,omitempty"`
	// Origins that the token is bound to.
	Origins []string `json:"origins,omitempty"`
	Embed   *Embed   `json:"embed,omitempty"`
}

// principal reads the claims that are ours. What is wrong in one of them makes the whole
// token wrong: half a permission is not what its issuer meant.
func (c claims) principal() (Principal, error) {
	p := Principal{Subject: c.Subject, Expires: c.ExpiresAt.Time}
	if p.Subject == "" {
		return p, errors.New(`the token has no "sub"`)
	}
	if c.Embed != nil {
		if err := p.embedded(&c); err != nil {
			return Principal{}, err
		}
		return p, nil
	}
	if len(c.Stores) > maxStores {
		return p, fmt.Errorf(`"stores" has %d ids, and %d is the most`, len(c.Stores), maxStores)
	}
	for _, text := range c.Stores {
		id, err := event.ParseID([]byte(text))
		if err != nil {
			return p, fmt.Errorf(`"stores": %w`, err)
		}
		if id == (event.ID{}) {
			return p, errors.New(`"stores": the zero UUID is no store's: rows of the whole platform have it`)
		}
		p.Stores = append(p.Stores, id)
	}
	slices.SortFunc(p.Stores, compareIDs)
	p.Stores = slices.Compact(p.Stores)
	for _, word := range strings.Fields(c.Scope) {
		if s := Scope(word); slices.Contains(Scopes, s) && !p.May(s) {
			p.Scopes = append(p.Scopes, s)
		}
	}
	if err := checkOrigins("origins", c.Origins); err != nil {
		return p, err
	}
	p.Origins = c.Origins
	return p, nil
}
