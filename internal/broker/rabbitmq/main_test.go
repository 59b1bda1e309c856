package rabbitmq_test

import (
	"fmt"
	"log/slog"
	"os"
	"syscall"
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
)

// shared is the one node of this package's tests.
var shared *rabbitmqtest.Node

func TestMain(m *testing.M) {
	if code, handled := brokertest.Main(connect); handled {
		os.Exit(code)
	}
	code, err := withNode(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func withNode(run func() int) (int, error) {
	dir, err := os.MkdirTemp("", "tiendi-rabbitmq-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if shared, err = rabbitmqtest.New(dir); err != nil {
		return 0, err
	}
	defer shared.Stop()
	if err := shared.Start(); err != nil {
		return 0, err
	}
	if err := shared.Settle(); err != nil {
		return 0, err
	}
	return run(), nil
}

// connect uses a heartbeat that is shorter than people's, to wait less for owners
// that hang.
func connect(addr string) (brokertest.Conn, error) {
	b, err := rabbitmq.Connect(rabbitmq.Config{URL: "amqp://guest:guest@" + addr + "/?heartbeat=2"}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return b, nil
}

func restart(signal syscall.Signal) func(t testing.TB) {
	return func(t testing.TB) {
		t.Helper()
		shared.Signal(signal)
		if err := shared.Start(); err != nil {
			t.Fatal(err)
		}
	}
}
