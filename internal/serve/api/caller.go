package api

import (
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// call is one request of somebody who is known.
type call struct {
	*http.Request
	w      http.ResponseWriter
	id     string // of the request, in the audit log and in problems
	who    auth.Principal
	tenant *tenant
	status int
	audit  []slog.Attr
}

// note adds to the audit log's line.
func (c *call) note(key string, value any) { c.audit = append(c.audit, slog.Any(key, value)) }

// endpoint is the handler of a route: it admits, answers, and notes both.
func (s *Server) endpoint(route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := s.options.Clock()
		c := &call{Request: r, w: w, id: uuid.NewString(), status: http.StatusOK}
		w.Header().Set("X-Request-Id", c.id)
		err := s.admit(c, route.scope)
		if err == nil {
			err = route.answer(c)
		}
		if err != nil {
			p := asProblem(err)
			c.status = p.Status
			if errors.Is(err, errCut) {
				defer panic(http.ErrAbortHandler) // half of an answer must not look whole
			} else {
				p.write(w, c.id)
			}
			c.note("error", err.Error())
			if p.cause != nil {
				c.note("cause", p.cause.Error())
			}
		}
		took := s.options.Clock().Sub(began)
		s.metrics.requests.WithLabelValues(route.pattern, strconv.Itoa(c.status)).Observe(took.Seconds())
		s.options.Log.LogAttrs(r.Context(), slog.LevelInfo, "audit", append([]slog.Attr{
			slog.String("request", c.id), slog.String("subject", c.who.Subject), slog.String("tenant", c.tenantName()),
			slog.String("route", route.pattern), slog.Int("status", c.status), slog.Duration("took", took),
		}, c.audit...)...)
	}
}

func (c *call) tenantName() string {
	if c.who.Subject == "" {
		return ""
	}
	return c.who.Tenant()
}

// admit lets in who has a token that may do that, as often as their tenant may.
func (s *Server) admit(c *call, scope auth.Scope) error {
	kind, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return refuse(http.StatusUnauthorized, "send a token: Authorization: Bearer …")
	}
	who, err := s.tokens.verify(token)
	if err != nil {
		return refuse(http.StatusUnauthorized, err.Error())
	}
	c.who, c.tenant = who, s.tenants.get(allowance(who, scope, s.limits))
	if err := s.tenants.request(c.tenant); err != nil {
		return err
	}
	if !who.May(scope) {
		return refuse(http.StatusForbidden, "the token lacks the scope "+string(scope))
	}
	return nil
}

// shoppersMore is how many times a tenant's requests and questions its shoppers have: they
// are many, and each asks for a few reads by key.
const shoppersMore = 20

// allowance says whose limits a request counts against: a tenant's, and beside them those
// of its shoppers, who must not use up what its people have.
func allowance(who auth.Principal, scope auth.Scope, l Limits) (string, Limits) {
	if scope != auth.Recommendations {
		return who.Tenant(), l
	}
	l.Rate, l.Queries = l.Rate*shoppersMore, l.Queries*shoppersMore
	return who.Tenant() + "/" + string(scope), l
}

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
