package forget

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/operate/journal"
)

// Place is somewhere that people may be.
type Place interface {
	Name() string
	// Look says where and how often, and what it cannot know.
	Look(ctx context.Context, p *People, tell func(string)) (found []Found, notes []string, err error)
	// Forget makes what the last Look has found nobody's. Done again it changes nothing.
	Forget(ctx context.Context, p *People, found []Found, tell func(string)) error
}

// Finder is a Place that knows whose a session is: own gives the user of each session of
// theirs, shared are those that somebody else has events in, too.
type Finder interface {
	Sessions(ctx context.Context, p *People) (own map[uuid.UUID]uuid.UUID, shared []uuid.UUID, err error)
}

// Options is one run.
type Options struct {
	Users []string // ids of users; with none only open requests are gone on with
	Texts []string // what else they are known by
	// Personal are the names of what people say about themselves; see PersonalKeys.
	Personal []string
	Declared map[string][]string // see People

	Warehouse   *Warehouse
	Places      []Place // besides the warehouse
	Source      *Source // nil for none
	Checkpoints []Checkpoint
	Notes       []string // what else whoever reads the proof should know

	DryRun bool
	// DespiteSource goes on although the shop's own database has them.
	DespiteSource bool
	// LogKeeps is for how long the log has what came.
	LogKeeps time.Duration
	// Wait is how long to wait for the files from before to be deleted.
	Wait time.Duration

	Clock  func() time.Time
	Logger *slog.Logger
	Tell   func(string)
}

// ErrInSource says that the shop's own database has them: its changes would bring them
// back.
var ErrInSource = errors.New("they are in the shop's own database")

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

// askSource asks whether they would come back.
func (r *runner) askSource(ctx context.Context) error {
	if r.Source == nil {
		return nil
	}
	r.Tell("asking the shop's database")
	found, err := r.Source.Look(ctx, r.people)
	if err != nil || len(found) == 0 {
		return err
	}
	r.proof.add(found)
	where := tables(found)
	if asked := r.ofThisRun(); len(asked.Known) > 0 && !r.DryRun && !r.DespiteSource {
		found, err := r.Source.Look(ctx, asked)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%w: %s\n  delete or anonymise them there first, let tiendi cdc and tiendi stream pass it on, and run again;\n  or go on with --despite-source, and run again once they are gone", ErrInSource, tables(found))
		}
	}
	r.proof.Notes = append(r.proof.Notes, "the shop's own database has them, and any change of those rows brings them back: "+where)
	return nil
}

// ofThisRun are those whom the command names, without those of open requests.
func (r *runner) ofThisRun() *People {
	return NewPeople(slices.DeleteFunc(slices.Clone(r.people.Known), func(k Pseudonym) bool {
		return !slices.Contains(r.Users, k.Old) && !(k.Kind == Text && slices.ContainsFunc(r.Texts, func(t string) bool { return strings.EqualFold(t, k.Old) }))
	}), nil)
}

func tables(found []Found) string {
	var all []string
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s (%d)", f.Object, f.Count))
	}
	return strings.Join(all, ", ")
}

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
