package worker

import "context"

// turnsAtOnce is how many partitions of a target are written at the same time: each
// takes memory for all that it writes, and a server of a few cores does a few writes
// as fast as many. PostgreSQL's take the most, and nobody waits for them by the second.
func turnsAtOnce(stage Stage) int {
	if stage == PostgreSQL {
		return 1
	}
	return 2
}

// turns are the places of a target.
type turns chan struct{}

func newTurns(stages []Stage) map[Stage]turns {
	all := map[Stage]turns{}
	for _, stage := range stages {
		all[stage] = make(turns, turnsAtOnce(stage))
	}
	return all
}

// turn waits until the target is to be written to; done gives the place back.
func (w *Worker) turn(ctx context.Context, stage Stage) (done func(), err error) {
	places := w.turns[stage]
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
