package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
)

// rejectTopic is a topic on a broker of its own, with what is written to it by
// partition.
func rejectTopic(t *testing.T, keep time.Duration, bodies ...string) *Rejects {
	t.Helper()
	server := startBroker(t, t.Context(), embedded.ServerOptions{Dir: t.TempDir(), Log: quiet()})
	b, err := embedded.Connect(server.Config(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	topic := broker.Topic{Name: "analytics.rejected", Partitions: len(bodies), Retention: broker.Retention{Age: keep}}
	if err := b.Declare(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	producer := broker.NewProducer(b, topic.Name)
	for p, body := range bodies {
		if body == "" {
			continue
		}
		if err := producer.Append(t.Context(), producer.Batch(p, []byte(body), strings.Count(body, "\n"))); err != nil {
			t.Fatal(err)
		}
	}
	return &Rejects{Broker: b, Topic: topic.Name, Partitions: len(bodies), Log: quiet()}
}

func rejectedLine(n int) string {
	raw := fmt.Sprintf(`{"event_type":"x%d"}`, n)
	r := &Reject{ID: idOf(raw), Received: clock, Path: pathEvents, Raw: []byte(raw), Bytes: len(raw)}
	return string(r.appendJSON(nil)) + "\n"
}

// TestRejectsAreReadToTheEnd holds that all of the topic is handed out, and that
// what is no rejected event costs no other one.
func TestRejectsAreReadToTheEnd(t *testing.T) {
	topic := rejectTopic(t, time.Hour, rejectedLine(0)+"oops\n"+rejectedLine(1), "", rejectedLine(2))
	var types []string
	if err := topic.Each(t.Context(), func(r *Reject, line []byte) error {
		if back := string(r.appendJSON(nil)); back != string(line) {
			t.Errorf("%s is read as %s", line, back)
		}
		types = append(types, r.Type())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(types) != "[x0 x1 x2]" {
		t.Errorf("got %v", types)
	}
	stop := errors.New("enough")
	if err := topic.Each(t.Context(), func(*Reject, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// slowly is a broker whose partitions take their time.
type slowly struct {
	broker.Broker
	bounds, read time.Duration
}

type slowLog struct {
	broker.Log
	slowly
}

func (s slowly) Open(ctx context.Context, topic string, partition int) (broker.Log, error) {
	log, err := s.Broker.Open(ctx, topic, partition)
	return slowLog{log, s}, err
}

func (l slowLog) Bounds(ctx context.Context) (broker.Bounds, error) {
	defer time.Sleep(l.bounds)
	return l.Log.Bounds(ctx)
}

func (l slowLog) Read(ctx context.Context, from uint64) (broker.Cursor, error) {
	time.Sleep(l.read)
	return l.Log.Read(ctx, from)
}

// TestRejectsThatAgeAway holds that reading ends where what was to be read is
// removed meanwhile, whenever that happens.
func TestRejectsThatAgeAway(t *testing.T) {
	const keep = time.Second
	for name, slow := range map[string]slowly{"before reading": {bounds: 3 * keep}, "while reading": {read: 3 * keep}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := rejectTopic(t, keep, rejectedLine(0))
			slow.Broker = topic.Broker
			topic.Broker = slow
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := topic.Each(ctx, func(*Reject, []byte) error { return nil }); err != nil {
				t.Fatal(err)
			}
		})
	}
}
