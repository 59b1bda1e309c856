package forget

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// asked are the requests that the run is about: those of its users, or all.
func (r *runner) asked() map[string]bool {
	requests := map[string]bool{}
	for _, k := range r.people.Known {
		if len(r.Users) == 0 || k.Kind == User && slices.Contains(r.Users, k.Old) {
			requests[k.Request] = true
		}
	}
	return requests
}

// findSessions says whether some were found that were not known.
func (r *runner) findSessions(ctx context.Context) (more bool, err error) {
	r.Tell("finding sessions")
	request := map[string]string{}
	for _, k := range r.people.Known {
		if k.Kind == User {
			request[k.Old] = k.Request
		}
	}
	for _, p := range r.places() {
		finder, ok := p.(Finder)
		if !ok {
			continue
		}
		own, shared, err := finder.Sessions(ctx, r.people)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.Name(), err)
		}
		for _, id := range shared {
			r.shared[id] = true
			r.people.Remove(id)
		}
		var found []Pseudonym
		for id, user := range own {
			if !r.shared[id] {
				found = append(found, pseudonyms(request[user.String()], Session, id.String())...)
			}
		}
		added := r.people.Add(found...)
		r.added, more = append(r.added, added...), more || len(added) > 0
	}
	return more, nil
}

// open writes down what is to be forgotten, before anything is.
func (r *runner) open(ctx context.Context) error {
	if err := r.requests.open(ctx); err != nil {
		return err
	}
	ids := map[string]bool{}
	if len(r.Users) == 0 { // what is found now came since, and the log has that
		for _, p := range r.pending {
			ids[p.ID] = true
		}
	}
	for id := range r.asked() { // so it has where somebody is asked for again
		ids[id] = true
	}
	for _, a := range r.added {
		ids[a.Request] = true
	}
	until := r.Clock().Add(r.LogKeeps)
	for id := range ids {
		if err := r.requests.note(ctx, id, "open", until); err != nil {
			return err
		}
	}
	return r.remember(ctx)
}

// remember writes down new pseudonyms.
func (r *runner) remember(ctx context.Context) error {
	added := slices.DeleteFunc(r.added, func(a Pseudonym) bool {
		id, err := uuid.Parse(a.Old)
		return a.Kind == Session && err == nil && r.shared[id]
	})
	r.added = nil
	return r.requests.remember(ctx, added)
}
