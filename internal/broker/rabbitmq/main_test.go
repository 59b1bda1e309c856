package rabbitmq_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"syscall"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
)

// shared is the one node of this package's tests.
var shared *node

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
	if shared, err = newNode(dir); err != nil {
		return 0, err
	}
	defer shared.stop()
	if err := shared.start(); err != nil {
		return 0, err
	}
	if err := settle(); err != nil {
		return 0, err
	}
	return run(), nil
}

// settle makes the node's first stream and restarts the node in peace: RabbitMQ
// 3.10 writes down late that it has streams at all, and killed before it has, it
// never starts any of them again.
func settle() error {
	c, err := connect(shared.addr)
	if err != nil {
		return err
	}
	err = c.Declare(context.Background(), broker.Topic{Name: "test.first", Partitions: 1})
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	shared.signal(syscall.SIGTERM)
	return shared.start()
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
		shared.signal(signal)
		if err := shared.start(); err != nil {
			t.Fatal(err)
		}
	}
}
