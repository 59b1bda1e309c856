package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// crowd sends events to a collector over a few connections that stay open.
type crowd struct {
	feeders []*feeder
	url     string

	accepted, web, counted atomic.Int64 // events; of them such as body tells
	sessions               atomic.Int64 // that they are of
	busy                   atomic.Int64 // answers 429 and 503
	hold                   atomic.Bool  // enough is under way
}

type feeder struct {
	crowd  *crowd
	bodies []*body
	next   int
	lap    uint64
	took   []time.Duration // from a request to its 202
}

// send feeds until the context ends: at a rate of events a second, or, where it is 0,
// as fast as answers come and hold allows.
func (c *crowd) send(ctx context.Context, rate float64) error {
	var group sync.WaitGroup
	failed := make(chan error, len(c.feeders))
	for i, f := range c.feeders {
		group.Go(func() {
			client := &http.Client{Transport: &http.Transport{WriteBufferSize: 64 << 10}, Timeout: time.Minute}
			defer client.CloseIdleConnections()
			var pause time.Duration
			if rate > 0 {
				pause = time.Duration(float64(eventsOfBody*len(c.feeders)) / rate * float64(time.Second))
			}
			due := time.Now().Add(pause * time.Duration(i) / time.Duration(len(c.feeders)))
			for f.wait(ctx, due) {
				if err := f.feed(client); err != nil {
					failed <- err
					return
				}
				due = due.Add(pause)
			}
		})
	}
	group.Wait()
	close(failed)
	return <-failed
}

// sendLap sends what is left of the first lap.
func (c *crowd) sendLap() error {
	var group sync.WaitGroup
	failed := make(chan error, len(c.feeders))
	for _, f := range c.feeders {
		group.Go(func() {
			client := &http.Client{Timeout: time.Minute}
			defer client.CloseIdleConnections()
			for f.lap == 0 {
				if err := f.feed(client); err != nil {
					failed <- err
					return
				}
			}
			f.took = nil
		})
	}
	group.Wait()
	close(failed)
	return <-failed
}

// wait gives false when the context has ended.
func (f *feeder) wait(ctx context.Context, due time.Time) bool {
	time.Sleep(time.Until(due))
	for f.crowd.hold.Load() && ctx.Err() == nil {
		time.Sleep(2 * time.Millisecond)
	}
	return ctx.Err() == nil
}

// feed sends the next body until it is accepted.
func (f *feeder) feed(client *http.Client) error {
	b := f.bodies[f.next]
	b.render(f.lap, time.Now())
	starts := b.starts
	if f.lap == 0 {
		starts = b.web // visits that are under way begin with any of their events
	}
	if f.next++; f.next == len(f.bodies) {
		f.next, f.lap = 0, f.lap+1
	}
	for {
		began := time.Now()
		pause, err := post(client, f.crowd.url, b.text, len(b.pages))
		if err != nil {
			return err
		}
		if pause == 0 {
			f.took = append(f.took, time.Since(began))
			f.crowd.accepted.Add(int64(len(b.pages)))
			f.crowd.web.Add(b.web)
			f.crowd.counted.Add(b.counted)
			f.crowd.sessions.Add(starts)
			return nil
		}
		f.crowd.busy.Add(1)
		time.Sleep(pause)
	}
}

// feedOnce sends the next body without staying connected.
func (f *feeder) feedOnce() error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	if err := f.feed(client); err != nil {
		return err
	}
	f.took = nil
	return nil
}

// post sends events, and says when to come back if they were not accepted now.
func post(client *http.Client, url string, text []byte, events int) (time.Duration, error) {
	response, err := client.Post(url+"/v1/events", "application/x-ndjson", bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	switch response.StatusCode {
	case http.StatusAccepted:
		var counts struct{ Accepted int }
		if err := json.Unmarshal(answer, &counts); err != nil || counts.Accepted != events {
			return 0, fmt.Errorf("of %d events: %.300s", events, answer)
		}
		return 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		return time.Duration(max(seconds, 1)) * time.Second, err
	}
	return 0, fmt.Errorf("%s: %.300s", response.Status, answer)
}

// took is how long all accepted requests took.
func (c *crowd) took() (all []time.Duration) {
	for _, f := range c.feeders {
		all = append(all, f.took...)
	}
	return all
}
