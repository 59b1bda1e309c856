package rabbitmq_test

import (
	"encoding/json"
	"fmt"
	"syscall"
	"testing"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/brokertest"
)

func TestBroker(t *testing.T) { brokertest.Run(t, subject()) }

func TestFanOut(t *testing.T) { brokertest.Run(t, subject().FannedOut()) }

func subject() brokertest.Subject {
	return brokertest.Subject{
		Addr: shared.Addr, Connect: connect, SegmentBytes: 64 << 20,
		Restart: restart(syscall.SIGTERM), Kill: restart(syscall.SIGKILL),
		RemovePartition: func(t testing.TB, topic string, partition int) {
			onChannel(t, func(ch *amqp.Channel) error {
				_, err := ch.QueueDelete(queueOf(t, topic, partition), false, false, false)
				return err
			})
		},
		Remove: func(t testing.TB, topic broker.Topic) {
			token := tokenOf(t, topic.Name)
			onChannel(t, func(ch *amqp.Channel) error {
				for p := range topic.Partitions {
					if _, err := ch.QueueDelete(fmt.Sprintf("%s.%d.%s", topic.Name, p, token), false, false, false); err != nil {
						return err
					}
				}
				_, err := ch.QueueDelete(topic.Name, false, false, false)
				return err
			})
		},
		Inject: func(t testing.TB, topic string, partition int, header string, body []byte) {
			m := amqp.Publishing{Body: body}
			if header != "" {
				m.Headers = amqp.Table{broker.HeaderName: header}
			}
			onChannel(t, func(ch *amqp.Channel) error {
				if err := ch.Confirm(false); err != nil {
					return err
				}
				confirm, err := ch.PublishWithDeferredConfirm("", queueOf(t, topic, partition), true, false, m)
				if err == nil && !confirm.Wait() {
					err = fmt.Errorf("not confirmed")
				}
				return err
			})
		},
	}
}

// onChannel speaks to RabbitMQ without the driver.
func onChannel(t testing.TB, f func(*amqp.Channel) error) {
	t.Helper()
	conn, err := amqp.Dial("amqp://guest:guest@" + shared.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ch, err := conn.Channel()
	if err == nil {
		err = f(ch)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func queueOf(t testing.TB, topic string, partition int) string {
	t.Helper()
	return fmt.Sprintf("%s.%d.%s", topic, partition, tokenOf(t, topic))
}

// tokenOf reads the id that a topic got when it was made.
func tokenOf(t testing.TB, topic string) string {
	t.Helper()
	var birth struct{ Token string }
	onChannel(t, func(ch *amqp.Channel) error {
		if err := ch.Qos(1, 0, false); err != nil {
			return err
		}
		births, err := ch.Consume(topic, "", false, false, false, false, amqp.Table{"x-stream-offset": "first"})
		if err != nil {
			return err
		}
		return json.Unmarshal((<-births).Body, &birth)
	})
	return birth.Token
}
