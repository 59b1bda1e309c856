package auth

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Sign makes a token that a verifier with the same options believes, from now until the
// principal's Expires. It needs the secret: with a key set, only the issuer can.
func Sign(o Options, p Principal, now time.Time) (string, error) {
	if len(o.Secret) < minSecret {
		return "", fmt.Errorf("a token needs the secret of tokens, of %d bytes at least", minSecret)
	}
	c := claims{RegisteredClaims: jwt.RegisteredClaims{
		Issuer: o.Issuer, Audience: jwt.ClaimStrings{o.Audience}, Subject: p.Subject,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(p.Expires),
	}}
	if err := checkOrigins("origins", p.Origins); err != nil {
		return "", err
	}
	c.Origins = p.Origins
	if c.Embed = p.Embed; c.Embed != nil {
		if _, err := c.principal(); err != nil {
			return "", err
		}
	}
	for _, id := range p.Stores {
		c.Stores = append(c.Stores, id.String())
	}
	for i, s := range p.Scopes {
		if i > 0 {
			c.Scope += " "
		}
		c.Scope += string(s)
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(o.Secret)
}
