package brokertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// mayPass says whether sending again may help.
func mayPass(err error) bool {
	return errors.Is(err, broker.ErrUnavailable) || errors.Is(err, broker.ErrUnconfirmed)
}

func testAppendAndRead(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	body := []byte("any bytes: \x00\xff\n{}")
	b := p.Batch(0, body, 3)
	b.Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	appendSurely(t, p, b)
	// Another connection sees what was confirmed on this one.
	rec := next(t, read(t, s.connect(t, s.Addr), topic.Name, broker.Progress{}))
	if !bytes.Equal(rec.Body, body) || rec.Header != b.Header || rec.Count != 3 || rec.Claim() {
		t.Errorf("read %+v, appended %+v", rec, b)
	}
	if rec.Position.Log == "" || rec.Position.Partition != 0 || rec.Position.Index != 0 {
		t.Errorf("position %v", rec.Position)
	}
}

// testReadOn stops after each record and goes on with what was stored of it.
func testReadOn(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	want := numbered(0, 20)
	store(t, broker.NewProducer(c, topic.Name), 0, want...)
	var progress broker.Progress
	var got []string
	var last broker.Position
	for range want {
		r := read(t, c, topic.Name, progress)
		rec := next(t, r)
		if len(got) > 0 && rec.Position.Compare(last) <= 0 {
			t.Errorf("position %v after %v", rec.Position, last)
		}
		got, last = append(got, string(rec.Body)), rec.Position
		stored, err := json.Marshal(r.Progress())
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		progress = broker.Progress{}
		if err := json.Unmarshal(stored, &progress); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	nothing(t, read(t, c, topic.Name, progress))
}

// testManyAtOnce appends more messages in one call than are likely to fit what a
// driver lets be under way, from several sides at once. Each side's stay in order.
func testManyAtOnce(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	log, err := c.Open(soon(t), topic.Name, 0)
	if err != nil {
		t.Fatal(err)
	}
	const sides, each = 3, 2000
	var all sync.WaitGroup
	for side := range sides {
		all.Go(func() {
			messages := make([]broker.Message, each)
			for n := range messages {
				header := broker.Header{Kind: broker.KindBatch, Producer: fmt.Sprint(side), Sequence: uint64(n) + 1, Count: 1}
				messages[n] = broker.Message{Header: header, Body: fmt.Appendf(nil, "%d %d", side, n)}
			}
			if err := log.Append(soon(t), messages...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r, want := read(t, c, topic.Name, broker.Progress{}), [sides]int{}
	for range sides * each {
		var side, n int
		if _, err := fmt.Sscan(string(next(t, r).Body), &side, &n); err != nil || n != want[side] {
			t.Fatalf("message %d of side %d, want %d (%v)", n, side, want[side], err)
		}
		want[side]++
	}
}

// testWaiting gives up a wait, and gets what comes later all the same.
func testWaiting(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	r := read(t, c, topic.Name, broker.Progress{})
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if _, err := r.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("an empty log gave %v", err)
		}
		cancel()
	}
	stored := make(chan struct{})
	go func() {
		defer close(stored)
		store(t, broker.NewProducer(c, topic.Name), 0, "late")
	}()
	if got := take(t, r, 1); got[0] != "late" {
		t.Errorf("read %q", got)
	}
	<-stored
}

// testOrder wants the batches of each writer in their order, and none missing.
func testOrder(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	const writers, each = 8, 100
	p := broker.NewProducer(c, topic.Name)
	var g sync.WaitGroup
	for w := range writers {
		g.Go(func() {
			for n := range each {
				store(t, p, 0, fmt.Sprintf("%d %d", w, n))
			}
		})
	}
	g.Wait()
	seen := make([]int, writers)
	for _, body := range take(t, read(t, c, topic.Name, broker.Progress{}), writers*each) {
		var w, n int
		if _, err := fmt.Sscan(body, &w, &n); err != nil || n != seen[w] {
			t.Fatalf("%q, want batch %d of that writer", body, seen[w])
		}
		seen[w]++
	}
}

func testPartitions(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 3, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	for partition := range topic.Partitions {
		store(t, p, partition, fmt.Sprint("for ", partition))
	}
	ids := map[string]bool{}
	for partition := range topic.Partitions {
		rec := next(t, read(t, c, topic.Name, broker.Progress{Partition: partition}))
		ids[rec.Position.Log] = true
		if want := fmt.Sprint("for ", partition); string(rec.Body) != want || rec.Sequence != 1 {
			t.Errorf("partition %d: %q, sequence %d", partition, rec.Body, rec.Sequence)
		}
	}
	if len(ids) != topic.Partitions {
		t.Errorf("logs' ids %v", ids)
	}
}

func testTooLarge(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	largest := noise(broker.MaxBody)
	if err := p.Append(soon(t), p.Batch(0, append(largest, 'x'), 1)); !errors.Is(err, broker.ErrTooLarge) {
		t.Errorf("one byte too many: %v", err)
	}
	appendSurely(t, p, p.Batch(0, largest, 1))
	if rec := next(t, read(t, c, topic.Name, broker.Progress{})); !bytes.Equal(rec.Body, largest) {
		t.Errorf("read %d bytes", len(rec.Body))
	}
}
