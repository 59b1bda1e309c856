package forget

import (
	"context"
	"fmt"
)

// Checkpoint is the state of a task of the streams.
type Checkpoint struct {
	Task string
	Load func(ctx context.Context) (state []byte, err error) // nothing for none
}

// openState says how many tasks' states hold open sessions of theirs. A state ends with
// the sessions in it, and nobody may change it.
func openState(ctx context.Context, p *People, tasks []Checkpoint) (notes []string, err error) {
	n := 0
	for _, t := range tasks {
		state, err := t.Load(ctx)
		if err != nil {
			return nil, err
		}
		if p.inState(state) {
			n++
		}
	}
	if n > 0 {
		notes = append(notes, fmt.Sprintf("sessions of theirs are open in the state of %d tasks of the streams: they end 30 minutes after their last event; run again then, with a worker at work", n))
	}
	return notes, nil
}
