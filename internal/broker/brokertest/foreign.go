package brokertest

import (
	"slices"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
)

// testForeign has other programs write: their messages come as they are, whatever
// their headers say, and the reader goes on behind them.
func testForeign(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	s.Inject(t, topic.Name, 0, "", []byte("no header"))
	s.Inject(t, topic.Name, 0, "sequence=minus one", []byte("\x00 bad header"))
	s.Inject(t, topic.Name, 0, "producer=a sequence=1 epoch=0 count=-3", nil)
	s.Inject(t, topic.Name, 0, "producer=b sequence=18446744073709551615 epoch=0 count=1 later=x", []byte("extreme"))
	store(t, broker.NewProducer(c, topic.Name), 0, "ours")
	r := read(t, c, topic.Name, broker.Progress{})
	if got := take(t, r, 5); !slices.Equal(got, []string{"no header", "\x00 bad header", "", "extreme", "ours"}) {
		t.Errorf("read %q", got)
	}
	if d := r.Dropped(); d != (broker.Dropped{}) {
		t.Errorf("dropped %+v", d)
	}
}

// testDoubled stores batches twice, before and after the reader has begun anew.
func testDoubled(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	one, two := p.Batch(0, []byte("one"), 1), p.Batch(0, []byte("two"), 1)
	for _, b := range []broker.Batch{one, one, two, one} {
		appendSurely(t, p, b)
	}
	r := read(t, c, topic.Name, broker.Progress{})
	if got := take(t, r, 2); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("read %q", got)
	}
	appendSurely(t, p, two)
	store(t, p, 0, "three")
	r = read(t, c, topic.Name, r.Progress())
	if got := take(t, r, 1); got[0] != "three" {
		t.Errorf("after the doubled ones %q", got)
	}
	if d := r.Dropped(); d.Doubled != 2 || d.Stale != 0 {
		t.Errorf("dropped %+v", d)
	}
}
