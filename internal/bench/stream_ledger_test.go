package bench

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ledger is what the senders know for themselves.
type ledger struct {
	mu       sync.Mutex
	facts    []fact // answered 202
	refused  []string
	again    int          // requests that were not answered 202, and sent again
	repeated int          // and those that were, and sent again all the same
	waiting  atomic.Int64 // senders that have to send something again
}

// sender is somebody's browser: it sends what its people do to any of the collectors.
type sender struct {
	ledger     *ledger
	story      *story
	collectors []string // their URLs
	random     *rand.Rand
	client     http.Client
	people     []*person
}

const peopleOfSender = 50

func newSender(l *ledger, s *story, collectors []string, seed, n uint64) *sender {
	one := &sender{ledger: l, story: s, collectors: collectors, random: rand.New(rand.NewPCG(seed, n))}
	one.client.Timeout = 10 * time.Second
	for range peopleOfSender {
		one.people = append(one.people, newPerson(one.random, s.now()))
	}
	return one
}

// run sends until it is told to stop, and then until all of it is answered. Only
// the end of patience leaves something unknown, which is an error.
func (s *sender) run(stop, patience context.Context) error {
	for stop.Err() == nil {
		var facts []fact
		now := s.story.now()
		for _, p := range s.people {
			if p.due.Before(now) {
				facts = append(facts, p.act()...)
			}
		}
		if len(facts) == 0 {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		s.random.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
		if err := s.deliver(patience, facts); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends facts until they are accepted, the same events each time.
func (s *sender) deliver(ctx context.Context, facts []fact) error {
	body, err := lines(facts)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		err := s.post(ctx, body, len(facts))
		if err == nil {
			if try > 0 {
				s.ledger.waiting.Add(-1)
			}
			break
		}
		if try == 0 {
			s.ledger.waiting.Add(1)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%d events were not accepted: %w", len(facts), err)
		}
		time.Sleep(time.Duration(50+s.random.IntN(200)) * time.Millisecond)
		s.ledger.note(func(l *ledger) { l.again++ })
	}
	s.ledger.note(func(l *ledger) { l.facts = append(l.facts, facts...) })
	if s.random.IntN(30) == 0 { // as if the answer had been lost
		_ = s.post(ctx, body, len(facts))
		s.ledger.note(func(l *ledger) { l.repeated++ })
	}
	return nil
}

// span is the time that the events are of.
func (l *ledger) span() time.Duration {
	if len(l.facts) == 0 {
		return 0
	}
	byTime := func(a, b fact) int { return cmp.Compare(a.at, b.at) }
	return time.Duration(slices.MaxFunc(l.facts, byTime).at-slices.MinFunc(l.facts, byTime).at) * time.Millisecond
}

func (l *ledger) note(f func(*ledger)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l)
}

func (s *sender) post(ctx context.Context, body []byte, events int) error {
	url := s.collectors[s.random.IntN(len(s.collectors))] + "/v1/events"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("%s: %s", response.Status, text)
	}
	var answer struct{ Accepted int }
	if err := json.Unmarshal(text, &answer); err != nil || answer.Accepted != events {
		s.ledger.note(func(l *ledger) { l.refused = append(l.refused, string(text)) })
	}
	return nil
}
