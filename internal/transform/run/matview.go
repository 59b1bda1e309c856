package run

import (
	"context"
	"errors"

	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// materializedView builds a table that views keep filled, or a view that
// fills the table of another model.
func (e *execution) materializedView(ctx context.Context) error {
	if err := e.preHooks(ctx); err != nil {
		return err
	}
	compiled, err := e.compile(ctx, nil)
	if err != nil {
		return err
	}
	existing := e.found.Relations[e.node.Relation]
	if to := materialize.ExternalTarget(compiled.SQL); to != "" {
		return e.hooked(ctx, func(ctx context.Context) error {
			r := e.request(existing)
			r.SQL = compiled.SQL
			return e.perform(ctx, materialize.External(r, to, e.fullRefresh()))
		})
	}
	feeds, err := materialize.Feeds(e.node.Relation, compiled.SQL)
	if err != nil {
		return err
	}
	complete, err := e.lookAtFeeds(ctx, feeds)
	if err != nil {
		return err
	}
	if existing.IsTable() && complete && !e.fullRefresh() {
		err = e.updateFeeds(ctx, existing, compiled.SQL, feeds)
		if !errors.Is(err, materialize.ErrGone) {
			return err
		}
	}
	return e.rebuildFeeds(ctx, existing, compiled.SQL, feeds)
}

// lookAtFeeds says whether there is a view, and none that a dead rebuild has left.
func (e *execution) lookAtFeeds(ctx context.Context, feeds []materialize.Feed) (complete bool, err error) {
	for i := range feeds {
		view, err := materialize.LookAt(ctx, e.w, feeds[i].Name)
		if err != nil {
			return false, err
		}
		if feeds[i].There = view != nil; !feeds[i].There {
			continue
		}
		if complete, err = materialize.FeedIsWhole(ctx, e.w, feeds[i].Name); err != nil || !complete {
			return false, err
		}
	}
	return complete, nil
}

func (e *execution) updateFeeds(ctx context.Context, existing *materialize.Found, sql string, feeds []materialize.Feed) (err error) {
	hold, err := e.held(ctx, materialize.TicketLike(e.names, e.Cluster, existing))
	if err != nil {
		return err
	}
	defer func() { e.release(ctx, hold, err) }()
	r := e.request(hold.Found)
	r.SQL = sql
	return e.hooked(ctx, func(ctx context.Context) error { return e.perform(ctx, materialize.UpdateFeeds(r, feeds)) })
}

func (e *execution) rebuildFeeds(ctx context.Context, existing *materialize.Found, sql string, feeds []materialize.Feed) (err error) {
	r := e.request(existing)
	r.SQL, r.Ticket = sql, e.names.Ticket(e.node.Relation)
	stamped := e.spec.Refreshable == nil
	for i := range feeds {
		ok, err := e.findSource(ctx, &feeds[i])
		if err != nil {
			return err
		}
		stamped = stamped && ok
	}
	hold, err := e.held(ctx, materialize.TicketFor(r))
	if err != nil {
		return err
	}
	defer func() { e.release(ctx, hold, err) }()
	r.Existing = hold.Found
	plan := materialize.RebuildBlind(r, feeds)
	if stamped && (r.Existing == nil || r.Existing.IsTable()) {
		plan = materialize.Rebuild(r, feeds)
	} else if e.spec.Refreshable == nil {
		e.notice(e.node, "the source has no column %s DateTime64(6) DEFAULT now64(6): rows inserted during this rebuild may be missed", materialize.IngestedAt)
	}
	return e.hooked(ctx, func(ctx context.Context) error { return e.perform(ctx, plan) })
}

// findSource finds the relation that a view's query reads first, whose
// inserts feed it, and whether it says when its rows came.
func (e *execution) findSource(ctx context.Context, f *materialize.Feed) (bool, error) {
	first := len(f.SQL)
	for _, id := range e.Graph.Parents(e.node.UniqueID) {
		n := e.Graph.Node(id)
		if n == nil || n.Relation.Identifier == "" {
			continue
		}
		if at := materialize.Reads(f.SQL, n.Relation); at != nil && at[0] < first {
			first, f.Source = at[0], n.Relation
		}
	}
	if f.Source.Identifier == "" {
		return false, nil
	}
	found, err := materialize.LookAt(ctx, e.w, f.Source)
	return materialize.TellsIngestion(found), err
}
