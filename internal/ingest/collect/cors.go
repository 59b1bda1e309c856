package collect

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// preflightAge is how long browsers remember a preflight's answer, in seconds;
// Chrome keeps none longer than two hours.
const preflightAge = "7200"

// allowedOrigin says whether a page of that origin may send. Requests that no
// page makes have no origin, and pages of the collector's own host need no leave.
func (c *Collector) allowedOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(c.options.Origins, "*") {
		return true
	}
	if slices.ContainsFunc(c.options.Origins, func(o string) bool { return strings.EqualFold(o, origin) }) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// cors lets the page read the answer. Credentials are allowed since sendBeacon
// always asks for them; cookies are never looked at.
func cors(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Expose-Headers", "Retry-After")
	}
}

func (c *Collector) preflight(w http.ResponseWriter, r *http.Request) {
	if !c.allowedOrigin(r) {
		writeRefusal(w, foreignOrigin())
		return
	}
	cors(w, r)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, Idempotency-Key, Traceparent, Tracestate")
	h.Set("Access-Control-Max-Age", preflightAge)
	h.Set("Cache-Control", "public, max-age="+preflightAge)
	w.WriteHeader(http.StatusNoContent)
}
