package forget

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/operate/journal"
)

// endTimeout bounds tidying up.
const endTimeout = time.Minute

// job is ours in the journal.
const job = "forget"

// Run forgets people. Only one does at a time. The error is ErrInSource with a proof of
// what was found.
func Run(ctx context.Context, o Options) (*Proof, error) {
	r := &runner{Options: o, requests: &Requests{o.Warehouse}, shared: map[uuid.UUID]bool{}}
	r.proof = &Proof{Users: append([]string{}, o.Users...), Began: o.Clock().UTC(), DryRun: o.DryRun, Found: []Found{}, Left: []Found{}, Notes: append([]string{}, o.Notes...), Open: []Open{}}
	j := &journal.Journal{Warehouse: o.Warehouse.Client, Database: o.Warehouse.Database}
	if err := j.Open(ctx); err != nil {
		return nil, err
	}
	leased, claim, err := j.Claim(ctx, journal.ClaimOptions{
		Job: job, Dir: o.Warehouse.Dir, Logger: o.Logger,
		Conflicts: func(e journal.Entry) string {
			return "another tiendi forget is at work (" + e.Describe() + ")\n  wait for it to end, and run again"
		},
		Begin: func(lease string) journal.Entry { r.request = lease; return r.entry(journal.Running) },
	})
	if err != nil {
		return nil, err
	}
	defer claim.Release(ctx)
	err = r.run(leased)
	state := journal.Done
	if err != nil {
		state = journal.Failed
	}
	r.proof.Ended = o.Clock().UTC()
	return r.proof, errors.Join(err, r.end(ctx, j, state, err))
}

// end tidies up and writes down how it ended. Where the run has failed, what goes wrong
// here is most likely the same again.
func (r *runner) end(ctx context.Context, j *journal.Journal, state journal.State, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	err := errors.Join(r.Warehouse.unlist(ctx), j.Add(ctx, r.entry(state)))
	if failed != nil {
		return nil
	}
	return err
}

type runner struct {
	Options
	requests *Requests
	request  string // of this run
	people   *People
	added    []Pseudonym
	pending  []Request
	shared   map[uuid.UUID]bool
	proof    *Proof
}

func (r *runner) entry(state journal.State) journal.Entry {
	return journal.Entry{Job: job, Scope: r.request, Run: r.request, Lease: r.request, State: state}
}

func (r *runner) run(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	if len(r.people.Known) == 0 {
		return r.conclude(ctx) // what a run has left that was killed while it closed one
	}
	if err := r.askSource(ctx); err != nil {
		return err
	}
	found, err := r.look(ctx)
	if err != nil || r.DryRun {
		return err
	}
	// Of whom nothing is here yet the log may have something.
	if len(found) > 0 || len(r.Users)+len(r.Texts) > 0 {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	for try := 0; len(found) > 0 && try < tries; try++ {
		if err := r.forget(ctx, found); err != nil {
			return err
		}
		if found, err = r.look(ctx); err != nil {
			return err
		}
	}
	r.proof.Left = append([]Found{}, found...)
	if r.proof.FilesGone, err = r.Warehouse.Settle(ctx, r.Wait, r.Tell); err != nil {
		return err
	}
	return r.conclude(ctx)
}

// tries is how often what comes in meanwhile is gone after.
const tries = 3

// begin finds out who they are.
func (r *runner) begin(ctx context.Context) error {
	if !r.DryRun {
		if err := r.Warehouse.sweep(ctx); err != nil {
			return err
		}
	}
	known, err := r.requests.known(ctx)
	if err != nil {
		return err
	}
	if r.pending, err = r.requests.pending(ctx); err != nil {
		return err
	}
	r.people = NewPeople(known, r.Personal)
	r.people.Declared = r.Declared
	r.added = append(r.people.Add(pseudonyms(r.request, User, r.Users...)...), r.people.Add(pseudonyms(r.request, Text, r.Texts...)...)...)
	return nil
}

// conclude closes requests that the log cannot bring anything of any more, and says which
// are open.
func (r *runner) conclude(ctx context.Context) error {
	if r.DryRun {
		return nil
	}
	nothing := len(r.proof.Found) == 0 && r.proof.Clean()
	pending, err := r.requests.pending(ctx) // this run may have opened some again
	if err != nil {
		return err
	}
	for _, p := range pending {
		if !nothing || !r.Clock().After(p.LogUntil) {
			r.proof.Open = append(r.proof.Open, Open{Request: p.ID, LogUntil: p.LogUntil.UTC()})
			continue
		}
		if err := r.requests.close(ctx, p.ID); err != nil {
			return err
		}
		r.proof.Closed++
	}
	if len(r.proof.Open) == 0 {
		return r.requests.drop(ctx)
	}
	return nil
}
