package materialize

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// ErrGone is returned by Hold when the relation that the ticket was to be
// made after is not there any more.
var ErrGone = errors.New("the table has gone meanwhile")

// Hold keeps other runs away from a relation. A run makes a ticket, a table
// whose name carries the relation and the run, and looks: it holds the
// relation if it sees no other run's ticket. If it does, it withdraws its own
// and tries again later. Of two runs that both see only themselves, the one
// that made its ticket later would have seen the other's.
//
// The ticket is at the same time the table that the change is made of. When a
// run is found dead its ticket is dropped, so a process that was only paused
// fails at its next statement.
type Hold struct {
	Ticket project.Relation
	Found  *Found // as it stands now that nobody else changes it
	drop   string
	w      Warehouse
}

// HoldOptions says what to hold and how.
type HoldOptions struct {
	Warehouse Warehouse
	Names     *Names
	Cluster   string
	Target    project.Relation
	// Create makes the ticket.
	Create  []Step
	Timeout time.Duration
	Waiting func(run string) // called once for each run that is waited for
}

// Take waits until nobody else holds the target, for Timeout at most.
func (o HoldOptions) Take(ctx context.Context) (*Hold, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, errHeld)
	defer cancel()
	h := &Hold{
		Ticket: o.Names.Ticket(o.Target), w: o.Warehouse,
		drop: dialect{cluster: o.Cluster}.drop(o.Names.Ticket(o.Target)),
	}
	told := map[string]bool{}
	for {
		others, err := o.try(ctx, h)
		if err != nil || others == nil {
			return h, err
		}
		if err := o.wait(ctx, others, told); err != nil {
			return nil, err
		}
	}
}

// try makes the ticket and looks around. Where there are others the ticket is
// withdrawn.
func (o HoldOptions) try(ctx context.Context, h *Hold) (others []string, err error) {
	for _, s := range o.Create {
		if _, err := o.Warehouse.Exec(ctx, s.SQL, warehouse.WithSettings(s.Settings)); err != nil {
			h.Release(ctx)
			if warehouse.IsCode(err, warehouse.CodeUnknownTable) && s.Role == Aside {
				return nil, fmt.Errorf("%w: %w", ErrGone, err)
			}
			return nil, &StepError{Step: s, Err: err}
		}
	}
	found, runs, err := lookClosely(ctx, o.Warehouse, o.Target)
	if err != nil {
		h.Release(ctx)
		return nil, err
	}
	for _, run := range runs {
		if run != o.Names.Run() {
			others = append(others, run)
		}
	}
	if others != nil {
		h.Release(ctx)
	}
	h.Found = found
	return others, nil
}

// wait returns when there is a chance that the others are done.
func (o HoldOptions) wait(ctx context.Context, others []string, told map[string]bool) error {
	for {
		for _, run := range others {
			gone, err := isDead(ctx, o.Warehouse, o.Target.Schema, run)
			if err != nil {
				return o.explain(ctx, err, run)
			}
			if gone {
				if _, err := bury(ctx, o.Warehouse, dialect{cluster: o.Cluster}, o.Target.Schema, run); err != nil {
					return o.explain(ctx, err, run)
				}
			} else if !told[run] && o.Waiting != nil {
				o.Waiting(run)
				told[run] = true
			}
		}
		select {
		case <-ctx.Done():
			return o.explain(ctx, ctx.Err(), others[0])
		case <-time.After(time.Duration(20+rand.IntN(180)) * time.Millisecond):
		}
		_, runs, err := lookClosely(ctx, o.Warehouse, o.Target)
		if err != nil {
			return o.explain(ctx, err, others[0])
		}
		if len(runs) == 0 {
			return nil
		}
		others = runs
	}
}

var errHeld = errors.New("held too long")

func (o HoldOptions) explain(ctx context.Context, err error, run string) error {
	if errors.Is(context.Cause(ctx), errHeld) {
		return fmt.Errorf("run %s has held %s for more than %s\n  wait for it to end, or end it and run again", run, Quote(o.Target), o.Timeout)
	}
	return err
}

// Release withdraws the ticket (by now perhaps the replaced version of the
// table), which lets others go on.
func (h *Hold) Release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	// What is left is swept by the next run.
	_, _ = h.w.Exec(ctx, h.drop, unguarded())
}

// TicketLike makes a ticket with the structure of an existing table. Engines
// that pass rows on or keep none get plain storage instead of their own.
func TicketLike(names *Names, cluster string, existing *Found) []Step {
	d := dialect{cluster: cluster}
	sql := d.createLike(names.Ticket(existing.Name), existing.Name)
	if !existing.MergeTree() {
		sql += " ENGINE = MergeTree ORDER BY tuple()"
	}
	return []Step{step(Aside, sql)}
}

// TicketFor makes a ticket that is the new version of the table itself.
func TicketFor(r Request) []Step {
	steps := r.create(r.Names.Ticket(r.Target))
	for i := range steps {
		steps[i].Role = Main // an unknown table is the query's, not the target
	}
	return steps
}

// Replacement plans a rebuild into a ticket that TicketFor has made.
func Replacement(r Request) Plan {
	return Plan{Steps: []Step{r.insert(r.Ticket, r.SQL), r.place(r.Ticket)}}
}
