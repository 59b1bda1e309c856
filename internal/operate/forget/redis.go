package forget

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// OpenSessions are those that Redis lists as live.
type OpenSessions interface {
	// LiveSessions counts the members of the lists that are of some sessions, and removes
	// them where it is told to.
	LiveSessions(ctx context.Context, of func(session [16]byte) bool, remove bool) (uint64, error)
}

// Redis is the cache of live figures. Its lists of live sessions are all that names
// anybody in it: figures are sums, and of a sketch of visitors nobody can be read.
type Redis struct{ Sessions OpenSessions }

// Name implements Place.
func (r *Redis) Name() string { return "redis" }

// Look implements Place.
func (r *Redis) Look(ctx context.Context, p *People, _ func(string)) (found []Found, notes []string, err error) {
	n, err := r.Sessions.LiveSessions(ctx, p.hasBytes, false)
	if err == nil && n > 0 {
		found = []Found{{Place: r.Name(), Object: "tiendi:live:sessions:*", Count: n, Unit: "member"}}
	}
	return found, nil, err
}

// Forget implements Place.
func (r *Redis) Forget(ctx context.Context, p *People, _ []Found, _ func(string)) error {
	_, err := r.Sessions.LiveSessions(ctx, p.hasBytes, true)
	return err
}

func (p *People) hasBytes(id [16]byte) bool { return p.Has(uuid.UUID(id)) }

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
