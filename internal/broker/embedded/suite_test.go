package embedded_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/brokertest"
)

func TestBroker(t *testing.T) { brokertest.Run(t, subject(t)) }

func TestFanOut(t *testing.T) { brokertest.Run(t, subject(t).FannedOut()) }

// subject is a server of the test's own.
func subject(t testing.TB) brokertest.Subject {
	t.Helper()
	n := startNode(t)
	remove := func(t testing.TB, topic string, partition int) {
		js := raw(t, n.addr)
		if err := js.DeleteStream(t.Context(), stream(topic, partition)); err != nil {
			t.Error(err)
		}
	}
	return brokertest.Subject{
		Addr: n.addr, Connect: connect, Restart: n.restart, Kill: n.kill,
		RemovePartition: remove,
		Remove: func(t testing.TB, topic broker.Topic) {
			js, err := rawConn(n.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer js.Conn().Close()
			for p := range topic.Partitions {
				_ = js.DeleteStream(context.Background(), stream(topic.Name, p))
			}
		},
		Inject: func(t testing.TB, topic string, partition int, header string, body []byte) {
			m := nats.NewMsg(topic + "." + strconv.Itoa(partition))
			m.Data = body
			if header != "" {
				m.Header.Set(broker.HeaderName, header)
			}
			if _, err := raw(t, n.addr).PublishMsg(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func stream(topic string, partition int) string {
	return strings.ReplaceAll(topic, ".", "_") + "_" + strconv.Itoa(partition)
}

// raw is the server without the driver.
func raw(t testing.TB, addr string) jetstream.JetStream {
	t.Helper()
	js, err := rawConn(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(js.Conn().Close)
	return js
}

func rawConn(addr string) (jetstream.JetStream, error) {
	conn, err := nats.Connect("nats://"+addr, nats.Token(token))
	if err != nil {
		return nil, err
	}
	return jetstream.New(conn)
}
