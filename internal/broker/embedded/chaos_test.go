package embedded_test

import (
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/chaos"
)

func TestChaos(t *testing.T) { brokertest.Chaos(t, subject(t), chaos.Rounds(t, 5)) }

func BenchmarkBroker(b *testing.B) { brokertest.Bench(b, subject(b)) }
