package run

import (
	"context"
	"errors"

	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// incremental changes the node's table if it is there, and builds it
// otherwise. What is there is only sure once the table is held, so it may
// begin anew.
func (e *execution) incremental(ctx context.Context) error {
	existing := e.found.Relations[e.node.Relation]
	for range 3 {
		var err error
		if existing.IsTable() && !e.fullRefresh() {
			err = e.change(ctx, existing)
		} else {
			existing, err = e.replace(ctx, existing)
		}
		switch {
		case errors.Is(err, materialize.ErrGone):
			existing = nil
		case errors.Is(err, errAppeared):
		default:
			return err
		}
	}
	return errCameAndWent
}

// errAppeared: another run has built the table since we looked.
var errAppeared = errors.New("the table has appeared meanwhile")

// change brings an existing table up to date. The SQL is compiled once the
// table is held, since templates may ask what the table holds.
func (e *execution) change(ctx context.Context, existing *materialize.Found) (err error) {
	if err := e.dropFeed(ctx); err != nil {
		return err
	}
	hold, err := e.held(ctx, materialize.TicketLike(e.names, e.Cluster, existing))
	if err != nil {
		return err
	}
	defer func() { e.release(ctx, hold, err) }()
	if !hold.Found.IsTable() {
		return materialize.ErrGone
	}
	request := e.request(hold.Found)
	request.Ticket = hold.Ticket
	if e.spec.Strategy == "microbatch" {
		return e.hooked(ctx, func(ctx context.Context) error { return e.microbatch(ctx, request, true) })
	}
	return e.hooked(ctx, func(ctx context.Context) error {
		compiled, err := e.compile(ctx, nil)
		if err != nil {
			return err
		}
		request.SQL = compiled.SQL
		return e.perform(ctx, materialize.Incremental(request))
	})
}

// replace builds the table anew, in the table by which it is held.
func (e *execution) replace(ctx context.Context, existing *materialize.Found) (found *materialize.Found, err error) {
	if err := e.preHooks(ctx); err != nil { // they may make what the query reads
		return existing, err
	}
	request := e.request(existing)
	request.Ticket = e.names.Ticket(e.node.Relation)
	sql, err := e.fullSQL(ctx)
	if err == nil {
		err = e.dropFeed(ctx)
	}
	if err != nil {
		return existing, err
	}
	request.SQL = sql
	hold, err := e.held(ctx, materialize.TicketFor(request))
	if err != nil {
		return existing, err
	}
	defer func() { e.release(ctx, hold, err) }()
	if existing == nil && hold.Found.IsTable() && !e.fullRefresh() {
		return hold.Found, errAppeared
	}
	request.Existing = hold.Found
	if e.spec.Strategy == "microbatch" {
		return existing, e.hooked(ctx, func(ctx context.Context) error { return e.microbatch(ctx, request, false) })
	}
	return existing, e.hooked(ctx, func(ctx context.Context) error {
		return e.perform(ctx, materialize.Replacement(request))
	})
}

// fullSQL compiles the node as a whole; of a microbatch model its first
// slice, which only gives the columns.
func (e *execution) fullSQL(ctx context.Context) (string, error) {
	if e.spec.Strategy != "microbatch" {
		compiled, err := e.compile(ctx, nil)
		return compiled.SQL, err
	}
	batches, err := e.batches(false)
	if err != nil {
		return "", err
	}
	compiled, err := e.compile(ctx, &batches[0])
	if err == nil && e.spec.Contract {
		err = materialize.CheckContract(ctx, e.w, e.spec, compiled.SQL)
	}
	e.result.CompiledSQL, e.result.CompiledPath, e.result.CompileEnded = compiled.SQL, compiled.Path, e.Clock()
	return compiled.SQL, err
}
