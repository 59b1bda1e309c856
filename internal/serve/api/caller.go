package api

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

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
	whose  string // name of the tenant
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
		err := s.admit(c, route)
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
			slog.String("request", c.id), slog.String("subject", c.who.Subject), slog.String("tenant", c.whose),
			slog.String("route", route.pattern), slog.Int("status", c.status), slog.Duration("took", took),
		}, c.audit...)...)
	}
}

// admit lets in who has a token that may do that, as often as their tenant may.
func (s *Server) admit(c *call, route route) error {
	if err := s.addresses.admit(c.Request); err != nil {
		return err
	}
	token, err := c.token(route.byLink)
	if err != nil {
		return err
	}
	who, err := s.tokens.verify(token)
	if err != nil {
		return refuse(http.StatusUnauthorized, err.Error())
	}
	c.who, c.whose = who, who.Tenant()
	if err := c.origin(); err != nil {
		return err
	}
	if !who.May(route.scope) { // counts against nobody's limits either: the token may stand in a public page
		return refuse(http.StatusForbidden, "the token lacks the scope "+string(route.scope))
	}
	c.tenant = s.tenants.get(allowance(c.whose, route.scope, s.limits))
	return s.tenants.request(c.tenant)
}

// token is what the request is admitted by: of its header, or of its address.
func (c *call) token(byLink bool) (string, error) {
	if byLink {
		if tokens := c.URL.Query()["token"]; len(tokens) == 1 && tokens[0] != "" {
			return tokens[0], nil
		}
		return "", refuse(http.StatusUnauthorized, "the link is not whole: it has no token, or two")
	}
	kind, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return "", refuse(http.StatusUnauthorized, "send a token: Authorization: Bearer …")
	}
	return token, nil
}

// origin refuses a page that the token is not for, and lets one that it is for read the
// answer. A refusal counts against nobody's limits.
func (c *call) origin() error {
	origin := c.Header.Get("Origin")
	if !c.who.From(origin) {
		return refuse(http.StatusForbidden, "the token is bound to pages of other origins")
	}
	if len(c.who.Origins) > 0 {
		letRead(c.w.Header(), origin)
	}
	return nil
}

// shoppersMore is how many times a tenant's requests and questions its shoppers have: they
// are many, and each asks for a few reads by key. Those who look at an embedded chart are
// as many, but ask one and the same question.
const shoppersMore = 20

// allowance says whose limits a request counts against: a tenant's, and beside them those
// of its shoppers and of its charts, which must not use up what its people have.
func allowance(tenant string, scope auth.Scope, l Limits) (string, Limits) {
	switch scope {
	case auth.Recommendations:
		l.Rate, l.Queries = l.Rate*shoppersMore, l.Queries*shoppersMore
	case auth.Embedded:
		l.Rate *= shoppersMore
	default:
		return tenant, l
	}
	return tenant + "/" + string(scope), l
}
