package brokertest

import (
	"errors"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
)

func bounds(t testing.TB, c Conn, topic string) broker.Bounds {
	t.Helper()
	log, err := c.Open(soon(t), topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := log.Bounds(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func testBounds(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	empty := bounds(t, c, topic.Name)
	store(t, broker.NewProducer(c, topic.Name), 0, numbered(0, 10)...)
	full := bounds(t, c, topic.Name)
	if empty.ID == "" || full.ID != empty.ID || full.First < empty.First || full.Next < empty.Next+10 {
		t.Errorf("bounds %+v, then %+v", empty, full)
	}
	r := read(t, c, topic.Name, broker.Progress{})
	take(t, r, 10)
	if p := r.Progress(); p.Next > full.Next || p.Log != full.ID {
		t.Errorf("bounds %+v, read to %+v", full, p)
	}
	beyond := r.Progress()
	beyond.Next += 1000
	if _, err := broker.Read(soon(t), c, topic.Name, beyond, quiet()); !errors.Is(err, broker.ErrTruncated) {
		t.Errorf("a log that is shorter than what was read: %v", err)
	}
}

// testReadToTheEnd: an end is found where nothing was ever written, behind what is
// the driver's own, and before what came later.
func testReadToTheEnd(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	until := func(r *broker.Reader, end uint64) (n int) {
		t.Helper()
		for {
			rec, ok, err := r.NextBefore(soon(t), end)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return n
			}
			if !rec.Claim() {
				n++
			}
		}
	}
	if n := until(read(t, c, topic.Name, broker.Progress{}), bounds(t, c, topic.Name).Next); n != 0 {
		t.Errorf("read %d of none", n)
	}
	store(t, broker.NewProducer(c, topic.Name), 0, numbered(0, 10)...)
	owner, err := broker.Claim(soon(t), c, topic.Name, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	end := bounds(t, c, topic.Name).Next
	if err := owner.Append(soon(t), broker.Payload{Body: []byte("later"), Count: 1}); err != nil {
		t.Fatal(err)
	}
	r := read(t, c, topic.Name, broker.Progress{})
	if n := until(r, end); n != 10 {
		t.Errorf("read %d of 10", n)
	}
	if n := until(r, bounds(t, c, topic.Name).Next); n != 1 {
		t.Errorf("read %d of the one that came later", n)
	}
}

func testDeclare(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 2, broker.Retention{})
	before := bounds(t, c, topic.Name)
	together := make(chan error)
	for range 4 {
		go func() { together <- c.Declare(soon(t), topic) }()
	}
	for range 4 {
		if err := <-together; err != nil {
			t.Error(err)
		}
	}
	if after := bounds(t, c, topic.Name); after.ID != before.ID {
		t.Errorf("declaring again made another log: %+v, %+v", before, after)
	}
	more := topic
	more.Partitions = 3
	if err := c.Declare(soon(t), more); !errors.Is(err, broker.ErrPartitions) || !strings.Contains(err.Error(), topic.Name) {
		t.Errorf("another number of partitions: %v", err)
	}
	if err := c.Declare(soon(t), broker.Topic{Name: "no spaces", Partitions: 1}); err == nil {
		t.Error("a topic with a bad name")
	}
}

func testMissingTopic(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	if _, err := broker.Read(soon(t), c, "test.no-such-topic", broker.Progress{}, quiet()); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("read: %v", err)
	}
	p := broker.NewProducer(c, "test.no-such-topic")
	if err := p.Append(soon(t), p.Batch(0, nil, 0)); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("append: %v", err)
	}
	if _, err := broker.Claim(soon(t), c, "test.no-such-topic", 0); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("claim: %v", err)
	}
	topic := s.topic(t, c, 1, broker.Retention{})
	if _, err := c.Open(soon(t), topic.Name, 1); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("a partition too many: %v", err)
	}
}

// testMissingPartition removes a log under its users. What was sent there must not
// count as stored, and nobody may make it again without a word.
func testMissingPartition(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 2, broker.Retention{})
	p := broker.NewProducer(c, topic.Name)
	store(t, p, 1, "one")
	s.RemovePartition(t, topic.Name, 1)
	if err := p.Append(soon(t), p.Batch(1, []byte("two"), 1)); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("append to a removed log: %v", err)
	}
	if _, err := broker.Read(soon(t), c, topic.Name, broker.Progress{Partition: 1}, quiet()); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("read a removed log: %v", err)
	}
	if err := s.connect(t, s.Addr).Declare(soon(t), topic); !errors.Is(err, broker.ErrMissing) {
		t.Errorf("declare a topic that has lost a partition: %v", err)
	}
	store(t, p, 0, "the other is as it was")
}

func testRecreated(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	store(t, broker.NewProducer(c, topic.Name), 0, "old")
	r := read(t, c, topic.Name, broker.Progress{})
	take(t, r, 1)
	progress := r.Progress()
	s.Remove(t, topic)
	again := s.connect(t, s.Addr)
	if err := again.Declare(soon(t), topic); err != nil {
		t.Fatal(err)
	}
	store(t, broker.NewProducer(again, topic.Name), 0, "new", "newer", "newest")
	if _, err := broker.Read(soon(t), again, topic.Name, progress, quiet()); !errors.Is(err, broker.ErrRecreated) {
		t.Errorf("a recreated log: %v", err)
	}
	if rec, err := r.Next(soon(t)); !errors.Is(err, broker.ErrRecreated) && !errors.Is(err, broker.ErrMissing) {
		t.Errorf("a reader whose log was recreated: %v %q", err, rec.Body)
	}
}

// fill appends until the beginning of the log is removed.
func fill(t testing.TB, s Subject, c Conn, topic string) {
	t.Helper()
	p := broker.NewProducer(c, topic)
	body := noise(broker.MaxBody)
	first := bounds(t, c, topic).First
	for sum := 0; bounds(t, c, topic).First == first; sum += len(body) {
		if sum > 4*s.SegmentBytes+8*len(body) {
			t.Fatalf("%d bytes and nothing was removed", sum)
		}
		appendSurely(t, p, p.Batch(0, body, 1))
	}
}

func testRetention(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{Bytes: 2 * broker.MaxBody})
	store(t, broker.NewProducer(c, topic.Name), 0, "first", "second")
	r := read(t, c, topic.Name, broker.Progress{})
	take(t, r, 1)
	fill(t, s, c, topic.Name)
	if _, err := broker.Read(soon(t), c, topic.Name, r.Progress(), quiet()); !errors.Is(err, broker.ErrTrimmed) {
		t.Errorf("a log trimmed beyond the reader: %v", err)
	}
	anew := read(t, c, topic.Name, broker.Progress{})
	if rec := next(t, anew); len(rec.Body) != broker.MaxBody {
		t.Errorf("a new reader begins at %v with %d bytes", rec.Position, len(rec.Body))
	}
	anew.Close()
	read(t, c, topic.Name, anew.Progress()).Close()
}

// testOvertakenReader trims the log while a reader lags behind: it may get what it
// has fetched before, and then has to say what happened.
func testOvertakenReader(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{Bytes: 2 * broker.MaxBody})
	store(t, broker.NewProducer(c, topic.Name), 0, "first")
	r := read(t, c, topic.Name, broker.Progress{})
	take(t, r, 1)
	fill(t, s, c, topic.Name)
	fill(t, s, c, topic.Name)
	end := bounds(t, c, topic.Name).Next
	seen := r.Progress().Next
	for r.Progress().Next < end {
		rec, err := r.Next(soon(t))
		if errors.Is(err, broker.ErrTrimmed) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if bounds(t, c, topic.Name).First > seen && rec.Position.Offset > seen {
			t.Fatalf("skipped from %d to %v without a word", seen, rec.Position)
		}
		seen = r.Progress().Next
	}
}
