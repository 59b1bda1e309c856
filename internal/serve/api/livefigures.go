package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	// livePause is between two looks of a live stream; what has not changed is not sent.
	livePause = time.Second
	// aliveEvery is when a stream without changes says that it is there: proxies and
	// browsers hang up on silence.
	aliveEvery = 15 * time.Second
	// streamFor is how long a stream lasts at most: browsers come back by themselves.
	streamFor = time.Hour
	// sendWithin bounds the sending of one event.
	sendWithin = 10 * time.Second
)

// liveStore is the store that a request for live figures is about.
func (s *Server) liveStore(c *call) (event.ID, error) {
	if s.options.Live == nil {
		return event.ID{}, refuse(http.StatusNotFound, "there are no live figures here: the target has no redis")
	}
	v, err := parameters(c.Request, []string{"store"})
	if err != nil {
		return event.ID{}, err
	}
	return c.store(v.Get("store"))
}

// live answers GET /v1/live.
func (s *Server) live(c *call) error {
	store, err := s.liveStore(c)
	if err != nil {
		return err
	}
	figures, err := s.options.Live.Read(c.Context(), store, s.options.Clock())
	if err != nil {
		return failed(http.StatusServiceUnavailable, "live figures are away now", err)
	}
	return c.answer(figures)
}

// stream answers GET /v1/live/stream with server-sent events: the figures, whenever they
// have changed, until the token expires, the client goes, or the server stops.
func (s *Server) stream(c *call) error {
	store, err := s.liveStore(c)
	if err != nil {
		return err
	}
	done, err := s.tenants.stream(c.tenant)
	if err != nil {
		return err
	}
	defer done()
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w := http.NewResponseController(c.w)
	send := func(text string) error {
		_ = w.SetWriteDeadline(time.Now().Add(sendWithin))
		if _, err := fmt.Fprint(c.w, text); err != nil {
			return err
		}
		return w.Flush()
	}
	until := s.options.Clock().Add(streamFor)
	if c.who.Expires.Before(until) {
		until = c.who.Expires
	}
	return s.follow(c, store, until, send)
}

// follow sends what changes. Whoever has gone is no error.
func (s *Server) follow(c *call, store event.ID, until time.Time, send func(string) error) error {
	ticks := time.NewTicker(livePause)
	defer ticks.Stop()
	last, silent := "", time.Duration(0)
	for {
		text := last
		figures, err := s.options.Live.Read(c.Context(), store, s.options.Clock())
		switch body, marshalErr := json.Marshal(figures); {
		case err != nil:
			text = "event: away\ndata: {}\n\n"
		case marshalErr != nil:
			return marshalErr
		default:
			text = "event: figures\ndata: " + string(body) + "\n\n"
		}
		if silent += livePause; text == last && silent < aliveEvery {
			text = ""
		} else if silent = 0; text == last {
			text = ": still here\n\n"
		} else {
			last = text
		}
		if text != "" && send(text) != nil {
			return nil
		}
		select {
		case <-c.Context().Done():
			return nil
		case <-s.stopping:
			return nil
		case <-ticks.C:
		}
		if !s.options.Clock().Before(until) {
			return nil
		}
	}
}
