package rabbitmq_test

import (
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
)

// TestDeclaredByManyAtOnce: a collector and workers start together, and the first of
// them makes the topics while the others look for them.
func TestDeclaredByManyAtOnce(t *testing.T) {
	const processes, topics = 5, 3
	run := uuid.NewString()
	var group sync.WaitGroup
	for range processes {
		b, err := rabbitmq.Connect(shared.Config(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		group.Go(func() {
			for n := range topics {
				if err := b.Declare(t.Context(), broker.Topic{Name: fmt.Sprint("test.together.", run, ".", n), Partitions: 4}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
