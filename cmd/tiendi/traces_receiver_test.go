package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// spanReceiver is a receiver of OTLP over HTTP that keeps what it is sent. It knows
// nothing of how it is written: its types are the specification's.
type spanReceiver struct {
	*httptest.Server
	mu    sync.Mutex
	spans []receivedSpan
}

type receivedSpan struct {
	TraceID      string `json:"traceId"`
	SpanID       string `json:"spanId"`
	ParentSpanID string `json:"parentSpanId"`
	Name         string
	Kind         int
	Start        int64               `json:"startTimeUnixNano,string"`
	End          int64               `json:"endTimeUnixNano,string"`
	Attributes   []receivedAttribute `json:"attributes"`
	Links        []struct {
		TraceID string `json:"traceId"`
		SpanID  string `json:"spanId"`
	}
	Status struct{ Code int }

	service string // of its resource
}

type receivedAttribute struct {
	Key   string
	Value struct {
		String *string `json:"stringValue"`
		Int    *string `json:"intValue"`
	}
}

func startReceiver(t *testing.T) *spanReceiver {
	t.Helper()
	r := &spanReceiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if err := r.take(request); err != nil {
			t.Error(err)
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *spanReceiver) take(request *http.Request) error {
	body, err := gzip.NewReader(request.Body)
	if err != nil {
		return err
	}
	var sent struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes []receivedAttribute }
			ScopeSpans []struct{ Spans []receivedSpan }
		}
	}
	if err := json.NewDecoder(body).Decode(&sent); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, of := range sent.ResourceSpans {
		for _, scope := range of.ScopeSpans {
			for _, s := range scope.Spans {
				s.service = (&receivedSpan{Attributes: of.Resource.Attributes}).said("service.name")
				r.spans = append(r.spans, s)
			}
		}
	}
	return nil
}

// said is the value of an attribute, "" without one.
func (s *receivedSpan) said(key string) string {
	for _, a := range s.Attributes {
		switch {
		case a.Key != key:
		case a.Value.String != nil:
			return *a.Value.String
		case a.Value.Int != nil:
			return *a.Value.Int
		}
	}
	return ""
}

// below are the spans that have this one as their parent, or a link to it.
func (r *spanReceiver) below(s *receivedSpan) (all []*receivedSpan) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.spans {
		one := &r.spans[i]
		if one.ParentSpanID == s.SpanID && one.TraceID == s.TraceID {
			all = append(all, one)
		}
		for _, l := range one.Links {
			if l.SpanID == s.SpanID && l.TraceID == s.TraceID {
				all = append(all, one)
			}
		}
	}
	return all
}

// sendTraced posts lines as a part of the client's span.
func sendTraced(t *testing.T, url string, client *receivedSpan, lines [][]byte) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, url+"/v1/events", bytes.NewReader(bytes.Join(lines, []byte("\n"))))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Traceparent", "00-"+client.TraceID+"-"+client.SpanID+"-01")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		t.Fatalf("got %d", response.StatusCode)
	}
}
