package rabbitmq_test

import (
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/chaos"
)

func TestChaos(t *testing.T) { brokertest.Chaos(t, subject(), chaos.Rounds(t, 2)) }

func BenchmarkBroker(b *testing.B) { brokertest.Bench(b, subject()) }
