package forget

import (
	"context"
	"fmt"
	"slices"
)

func (r *runner) places() []Place { return append([]Place{r.Warehouse}, r.Places...) }

// look finds their sessions, and then all that is theirs.
func (r *runner) look(ctx context.Context) (all []Found, err error) {
	for more := true; more; {
		if more, err = r.findSessions(ctx); err != nil {
			return nil, err
		}
	}
	var notes []string
	for _, p := range r.places() {
		found, more, err := p.Look(ctx, r.people, r.Tell)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name(), err)
		}
		all, notes = append(all, found...), append(notes, more...)
	}
	open, err := openState(ctx, r.people, r.Checkpoints)
	r.proof.add(all)
	for _, note := range append(notes, open...) {
		if !slices.Contains(r.proof.Notes, note) {
			r.proof.Notes = append(r.proof.Notes, note)
		}
	}
	r.proof.Sessions, r.proof.Shared = 0, len(r.shared)
	requests := r.asked()
	for _, k := range r.people.Known {
		if k.Kind == Session && requests[k.Request] {
			r.proof.Sessions++
		}
	}
	return all, err
}

func (r *runner) forget(ctx context.Context, found []Found) error {
	if err := r.remember(ctx); err != nil {
		return err
	}
	for _, p := range r.places() {
		if !slices.ContainsFunc(found, func(f Found) bool { return f.Place == p.Name() }) {
			continue
		}
		if err := p.Forget(ctx, r.people, found, r.Tell); err != nil {
			return fmt.Errorf("%s: %w", p.Name(), err)
		}
	}
	return nil
}
