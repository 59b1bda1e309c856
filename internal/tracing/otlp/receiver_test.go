package otlp

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// receiver answers posts one after the other, the last answer for all that follow.
type receiver struct {
	*httptest.Server
	posts atomic.Int64
	spans atomic.Int64
}

type reply struct {
	status int
	retry  string
	body   string
}

func receive(t *testing.T, replies ...reply) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		n := int(r.posts.Add(1))
		spans, err := readPost(request)
		if err != nil {
			t.Error(err)
		}
		answer := replies[min(n, len(replies))-1]
		if answer.status/100 == 2 {
			r.spans.Add(int64(spans))
		}
		if answer.retry != "" {
			w.Header().Set("Retry-After", answer.retry)
		}
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
	}))
	t.Cleanup(r.Close)
	return r
}

func readPost(r *http.Request) (spans int, err error) {
	if r.URL.Path != path || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Key") != "secret" {
		return 0, fmt.Errorf("got %s %v", r.URL.Path, r.Header)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return 0, err
	}
	var body struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []json.RawMessage }
		}
	}
	if err := json.NewDecoder(z).Decode(&body); err != nil {
		return 0, err
	}
	for _, s := range body.ResourceSpans[0].ScopeSpans {
		spans += len(s.Spans)
	}
	return spans, nil
}
