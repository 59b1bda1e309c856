package collect

import (
	"context"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/client"
	"github.com/tiendi/tiendi/internal/event"
)

const (
	// maxIdempotencyKey is how long an Idempotency-Key may be.
	maxIdempotencyKey = 255
	// maxUserAgent is how much is kept of the connection's User-Agent, in bytes:
	// browsers' have some hundred, and it goes into each event of the request.
	maxUserAgent = 1024
)

// call is one request under way.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	now    time.Time
	source string
	origin event.Origin
	held   int64 // bytes of the budget, for what is read
	made   *submission
	batch  *batch     // what the messages of a batch have in common
	kind   string     // of a webhook's delivery
	span   trace.Span // nil where nothing is traced
}

// endpoint does what all endpoints have in common.
func (c *Collector) endpoint(route string, handle func(*call) (*answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		c.metrics.busy.Inc()
		defer c.metrics.busy.Dec()
		one := &call{w: w, r: r, now: c.options.Now()}
		defer func() {
			c.inFlight.give(one.held)
			if one.made != nil {
				one.made.drop()
			}
		}()
		c.trace(one, route)
		a, err := c.admit(one, handle)
		var status int
		if err != nil {
			status = writeRefusal(w, err)
		} else {
			status = a.status
			c.metrics.counted(one.source, a)
			writeAnswer(w, a)
		}
		c.metrics.answered(route, status, time.Since(began))
		one.traced(status, a, err)
		if status >= http.StatusInternalServerError {
			c.options.Log.Warn("a request was not taken", "route", route, "status", status, "source", one.source, "err", err)
		}
	}
}

// admit lets through what may come in at all.
func (c *Collector) admit(one *call, handle func(*call) (*answer, error)) (*answer, error) {
	cors(one.w, one.r) // a page that may not send should know that, and not try again
	if !c.allowedOrigin(one.r) {
		return nil, foreignOrigin()
	}
	from := client.Address(one.r, c.options.TrustedProxies)
	if wait := c.byIP.Take(client.Neighbourhood(from), 1, one.now); wait > 0 {
		return nil, tooFast("requests from this address", c.limits.IPRate, wait)
	}
	one.origin = event.Origin{
		IdempotencyKey: one.r.Header.Get("Idempotency-Key"),
		IP:             anonymous(from), UserAgent: cutText(one.r.UserAgent(), maxUserAgent),
	}
	if len(one.origin.IdempotencyKey) > maxIdempotencyKey {
		return nil, refuse(http.StatusBadRequest, "the Idempotency-Key is longer than %d bytes", maxIdempotencyKey)
	}
	return handle(one)
}

// cutText keeps so many bytes of a text, as UTF-8: what is stored may be read as
// nothing else.
func cutText(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

func tooFast(what string, limit float64, wait time.Duration) error {
	r := refuse(http.StatusTooManyRequests, "more than %g %s a second", limit, what)
	r.retry = wait
	return r
}

// identify finds the source of a write key.
func (c *Collector) identify(one *call, key string) error {
	source, ok := c.options.Keys.source(key)
	if !ok {
		return refuse(http.StatusUnauthorized, "the write key is missing or not known; send it as: Authorization: Bearer KEY")
	}
	one.source = source
	if one.origin.IdempotencyKey != "" {
		// Two sources may hit upon the same key.
		one.origin.IdempotencyKey = source + "/" + one.origin.IdempotencyKey
	}
	return nil
}

// allowance takes so many events off the source's rate.
func (c *Collector) allowance(one *call, events int) error {
	if wait := c.byKey.Take(one.source, events, one.now); wait > 0 {
		return tooFast("events with this write key", c.limits.KeyRate, wait)
	}
	return nil
}

// body reads the request's body, which is given back with the call.
func (c *Collector) body(one *call, types []string) ([]byte, error) {
	body, held, err := c.readBody(one.w, one.r, types)
	one.held = held
	return body, err
}

// commit bounds the wait for the log.
func (c *Collector) commit(one *call, s *submission) error {
	// A client that hangs up has sent its events all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(one.r.Context()), c.limits.AnswerTimeout)
	defer cancel()
	s.span = one.span
	return s.commit(ctx)
}
