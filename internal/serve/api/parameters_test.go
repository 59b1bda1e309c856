package api

import (
	"strings"
	"testing"
)

// TestParameters: what an endpoint does not know, what it takes once and what cannot be
// read is refused in the same words everywhere.
func TestParameters(t *testing.T) {
	s := newSite(t, nil)
	token := s.everything(t, storeA)
	for path, once := range map[string]string{
		"/v1/query": "start", "/v1/benchmark": "month", "/v1/recommendations": "limit", "/v1/reports": "language", "/v1/reports/funnel": "date", "/v1/live": "store", "/v1/live/stream": "store",
	} {
		for query, want := range map[string]string{
			"unknown=1":                         "there is no parameter unknown: see /openapi.json",
			once + "=1&" + once + "=1":          once + " is given 2 times",
			once + "=1&metrics=gmv&product=%zz": "invalid URL escape",
		} {
			if r := s.get(t, token, path+"?"+query); r.status != 400 || !strings.Contains(r.text, want) {
				t.Errorf("%s?%s: %d %s, want %q", path, query, r.status, r.text, want)
			}
		}
	}
}
