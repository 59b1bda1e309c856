package brokertest

import (
	"slices"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
)

func testRestartReader(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	store(t, p, 0, numbered(0, 10)...)
	r := read(t, c, topic.Name, broker.Progress{})
	got := take(t, r, 5)
	id := bounds(t, c, topic.Name).ID
	s.Restart(t)
	got = append(got, take(t, r, 5)...)
	store(t, p, 0, numbered(10, 20)...)
	got = append(got, take(t, r, 10)...)
	if !slices.Equal(got, numbered(0, 20)) {
		t.Errorf("read %q", got)
	}
	if again := bounds(t, c, topic.Name).ID; again != id {
		t.Errorf("log %s after the restart, %s before", again, id)
	}
}

// testRestartWriter restarts the broker while batches are under way.
func testRestartWriter(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	done := make(chan struct{})
	go func() {
		defer close(done)
		store(t, p, 0, numbered(0, 500)...)
	}()
	r := read(t, c, topic.Name, broker.Progress{})
	got := take(t, r, 50)
	s.Restart(t)
	got = append(got, take(t, r, 450)...)
	<-done
	if !slices.Equal(got, numbered(0, 500)) {
		t.Errorf("read %d batches: %q", len(got), got)
	}
}

func testRestartOwner(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	first := claim(t, c, topic.Name)
	own(t, first, "a", "b")
	s.Kill(t)
	isLost(t, first)
	if err := first.Append(soon(t), payloads("x")...); err == nil {
		t.Error("an owner outlived the broker")
	}
	second := claim(t, c, topic.Name)
	if second.Epoch() <= first.Epoch() {
		t.Errorf("epoch %d after %d", second.Epoch(), first.Epoch())
	}
	own(t, second, "c")
	_ = second.Close()
	if got := readBack(t, c, topic.Name, claim(t, c, topic.Name)); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("read %q", got)
	}
}
