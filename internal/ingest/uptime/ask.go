package uptime

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// Answer is what a target said.
type Answer struct {
	Target string    // the URL without user and password
	At     time.Time // when it was asked
	// Status is the HTTP status, 0 where no answer came.
	Status int
	Took   time.Duration
	Err    error // why no answer came
}

// Up says whether the uptime KPI takes the target to be up.
func (a *Answer) Up() bool { return a.Status > 0 && a.Status < http.StatusInternalServerError }

const (
	// maxBody is what is read of an answer, in bytes: it is part of the time it takes.
	maxBody = 64 << 10
	// maxStatus is the largest that the event's schema takes.
	maxStatus = 599
	agent     = "tiendi-probe/1.0"
)

// newClient asks by a connection of its own each time, since to open one is what a
// visitor's browser does, and takes a redirect for an answer.
func newClient(timeout time.Duration) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	return &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask asks target once.
func (p *Prober) ask(ctx context.Context, target *url.URL) Answer {
	shown := *target
	shown.User = nil // it goes into every event
	a := Answer{Target: shown.String(), At: p.Now()}
	began := time.Now() // which a step of the clock does not change
	a.Status, a.Err = p.status(ctx, target)
	a.Took = time.Since(began)
	return a
}

func (p *Prober) status(ctx context.Context, target *url.URL) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", agent)
	response, err := p.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, maxBody)); err != nil {
		return 0, err
	}
	return min(response.StatusCode, maxStatus), nil
}

// line is the answer as an event.
func (a *Answer) line() []byte {
	properties, _ := json.Marshal(struct { // strings and numbers always encode
		Target string `json:"target"`
		Status int    `json:"status"`
		Took   int64  `json:"duration_ms"`
	}{a.Target, a.Status, a.Took.Milliseconds()})
	id := event.ID(uuid.New())
	return event.AppendJSON(nil, &event.BaseEvent{
		EventID: id, SessionID: id, Type: event.HealthProbe, Timestamp: a.At, Properties: properties,
	})
}
