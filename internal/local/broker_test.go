package local_test

import (
	"log/slog"
	"syscall"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/local"
)

func openBroker(t *testing.T, l *local.Lease) *embedded.Broker {
	t.Helper()
	b, err := embedded.Connect(l.Broker(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// TestBroker stores a batch, and finds it again after the supervisor has been
// stopped and after it was killed.
func TestBroker(t *testing.T) {
	o := options(t)
	topic := broker.Topic{Name: "test", Partitions: 1}
	l := acquire(t, o)
	b := openBroker(t, l)
	if err := b.Declare(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	p := broker.NewProducer(b, topic.Name)
	if err := p.Append(t.Context(), p.Batch(0, []byte("kept"), 1)); err != nil {
		t.Fatal(err)
	}
	if st := status(t, o).Services[1]; st.Name != "broker" || !st.Running || st.Address != l.Broker().Addr || st.Version == "" {
		t.Errorf("status %+v", st)
	}
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Fatal(err)
	}
	again := acquire(t, o)
	wantKept(t, again)
	if err := syscall.Kill(status(t, o).PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-again.Lost()
	wantKept(t, acquire(t, o))
}

func wantKept(t *testing.T, l *local.Lease) {
	t.Helper()
	r, err := broker.Read(t.Context(), openBroker(t, l), "test", broker.Progress{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rec, err := r.Next(t.Context())
	if err != nil || string(rec.Body) != "kept" {
		t.Errorf("read %q, %v", rec.Body, err)
	}
}

// TestBrokerToken wants strangers to be refused.
func TestBrokerToken(t *testing.T) {
	l := acquire(t, options(t))
	config := l.Broker()
	config.Token = "guess"
	if b, err := embedded.Connect(config, slog.New(slog.DiscardHandler)); err == nil {
		_ = b.Close()
		t.Error("a wrong token was taken")
	}
}
