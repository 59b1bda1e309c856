package embedded_test

import (
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
)

func TestChaos(t *testing.T) { brokertest.Chaos(t, subject(t), brokertest.Rounds(t, 5)) }

func BenchmarkBroker(b *testing.B) { brokertest.Bench(b, subject(b)) }
