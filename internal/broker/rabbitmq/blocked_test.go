package rabbitmq_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
)

// TestBlocked has the node run out of memory, as it believes: what is under way
// fails soon, what comes later at once, and all goes on when there is room again.
func TestBlocked(t *testing.T) {
	c, err := connect(shared.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	topic := broker.Topic{Name: "test.blocked", Partitions: 1}
	if err := c.Declare(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	defer subject().Remove(t, topic)
	p := broker.NewProducer(c, topic.Name)
	b := p.Batch(0, []byte("kept"), 1)
	if err := p.Append(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := shared.Control("set_vm_memory_high_watermark", "0.000001"); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	err = p.Append(soon, p.Batch(0, []byte("stuck"), 1))
	if !errors.Is(err, broker.ErrUnconfirmed) && !errors.Is(err, broker.ErrUnavailable) {
		t.Errorf("append to a broker that blocks: %v", err)
	}
	if err := p.Append(soon, p.Batch(0, nil, 0)); !errors.Is(err, broker.ErrUnavailable) || !strings.Contains(err.Error(), "memory") {
		t.Errorf("append to a broker that is known to block: %v", err)
	}
	if err := shared.Control("set_vm_memory_high_watermark", "0.4"); err != nil {
		t.Fatal(err)
	}
	for p.Append(soon, b) != nil && soon.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	if soon.Err() != nil {
		t.Error("the broker has room again, and appends fail")
	}
}

// TestLogin wants to hear what is wrong, and never the password.
func TestLogin(t *testing.T) {
	_, err := rabbitmq.Connect(rabbitmq.Config{URL: "amqp://guest:secret@" + shared.Addr}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a wrong password: %v", err)
	}
}
