package api

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

const (
	// tokensKept bounds how many tokens are remembered, and tokensFor for how long: a
	// signature costs more than the rest of a request whose answer is known.
	tokensKept = 10_000
	tokensFor  = time.Minute
)

// tokens remembers tokens that were verified.
type tokens struct {
	verifier Verifier
	clock    func() time.Time

	mu    sync.Mutex
	known map[[32]byte]knownToken
}

type knownToken struct {
	who   auth.Principal
	until time.Time
}

func (t *tokens) verify(token string) (auth.Principal, error) {
	key, now := sha256.Sum256([]byte(token)), t.clock()
	t.mu.Lock()
	k, ok := t.known[key]
	t.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.who, nil
	}
	who, err := t.verifier.Verify(token)
	if err != nil {
		return who, err
	}
	until := now.Add(tokensFor)
	if who.Expires.Before(until) {
		until = who.Expires
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= tokensKept {
		clear(t.known)
	}
	t.known[key] = knownToken{who, until}
	return who, nil
}
