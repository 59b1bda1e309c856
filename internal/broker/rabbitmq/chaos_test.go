package rabbitmq_test

import (
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
)

func TestChaos(t *testing.T) { brokertest.Chaos(t, subject(), brokertest.Rounds(t, 2)) }

func BenchmarkBroker(b *testing.B) { brokertest.Bench(b, subject()) }
