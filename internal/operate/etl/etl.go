package etl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
)

// Names are the steps, in their order.
var Names = []string{"wait", "extract", "transform", "load", "cache", "notify"}

// Step does a part of the night. Its message is for people.
type Step struct {
	Name string
	Do   func(ctx context.Context) (message string, err error)
}

// Options is one night.
type Options struct {
	Date    time.Time // the day that is worked up, at midnight UTC
	Journal *journal.Journal
	Steps   []Step   // one for each of Names
	Only    []string // of them, those to do; nil is all
	Restart bool     // forget what was done
	Dir     string   // for the lock file
	Logger  *slog.Logger
	Clock   func() time.Time
	Tell    func(Report) // of each step, when it begins (running) and when it ends; nil for nobody
}

// Report is what became of a step.
type Report struct {
	Name    string        `json:"name"`
	State   journal.State `json:"state"`
	Before  bool          `json:"done_before,omitempty"` // an earlier run has done it
	Seconds float64       `json:"seconds"`
	Message string        `json:"message,omitempty"`
}

// Errors that decide the exit code.
var (
	// ErrFailed: a step failed.
	ErrFailed = errors.New("a step of the night failed")
	// ErrTooEarly: a step was asked for, and one before it is not done.
	ErrTooEarly = errors.New("an earlier step is not done")
)

const job = "etl"

// night is a run under way.
type night struct {
	Options
	scope, run string
	done       map[string]journal.Entry
}

// Run does what is left of the night. The reports are in the order of steps,
// also when the error is not nil.
func Run(ctx context.Context, o Options) ([]Report, error) {
	n := &night{Options: o, scope: o.Date.Format(time.DateOnly), done: map[string]journal.Entry{}}
	if err := n.known(); err != nil {
		return nil, err
	}
	if err := o.Journal.Open(ctx); err != nil {
		return nil, err
	}
	leased, claim, err := o.Journal.Claim(ctx, n.claim())
	if err != nil {
		return nil, err
	}
	defer claim.Release(ctx)
	reports, err := n.steps(leased, claim.ID)
	return reports, errors.Join(err, n.close(ctx, claim.ID, err))
}

// known refuses names that are none.
func (n *night) known() error {
	for _, name := range n.Only {
		if !slices.Contains(Names, name) {
			return fmt.Errorf("there is no step %q: use %s", name, strings.Join(Names, ", "))
		}
	}
	return nil
}

// claim keeps a second night away, of whatever date: they would change the same
// tables.
func (n *night) claim() journal.ClaimOptions {
	return journal.ClaimOptions{
		Job: job, Dir: n.Dir, Logger: n.Logger,
		Conflicts: func(e journal.Entry) string {
			return fmt.Sprintf("another tiendi etl is at work on %s (%s)\n  wait for it to end, or end it: its claim goes with it, on another host after a minute", e.Scope, e.Describe())
		},
		Begin: func(lease string) journal.Entry {
			n.run = lease
			return n.entry(lease, journal.Running)
		},
	}
}

func (n *night) entry(lease string, state journal.State) journal.Entry {
	return journal.Entry{Job: job, Scope: n.scope, Run: n.run, Lease: lease, State: state}
}

// close says that this run is over. What counts of it are its steps.
func (n *night) close(ctx context.Context, lease string, err error) error {
	e := n.entry(lease, journal.Done)
	if err != nil {
		e.State, e.Message = journal.Failed, err.Error()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return n.Journal.Add(ctx, e)
}

// steps does the ones that are asked for and not done.
func (n *night) steps(ctx context.Context, lease string) (reports []Report, err error) {
	if n.Restart {
		if err := n.Journal.Restart(ctx, n.entry(lease, journal.Done)); err != nil {
			return nil, err
		}
	}
	if err := n.recall(ctx); err != nil {
		return nil, err
	}
	for _, s := range n.Steps {
		before, done := n.done[s.Name]
		switch {
		case len(n.Only) > 0 && !slices.Contains(n.Only, s.Name):
			continue
		case done:
			r := Report{Name: s.Name, State: journal.Done, Before: true, Message: before.Message}
			n.tell(r)
			reports = append(reports, r)
			continue
		}
		if missing := n.missing(s.Name); missing != "" {
			return reports, fmt.Errorf("%w: %s of %s wants %s first\n  tiendi etl --date %s --steps %s", ErrTooEarly, s.Name, n.scope, missing, n.scope, missing)
		}
		r, err := n.step(ctx, lease, s)
		reports = append(reports, r)
		if err != nil {
			return reports, err
		}
	}
	return reports, nil
}

// recall reads which steps any run of this date has done since the last one
// that began anew.
func (n *night) recall(ctx context.Context) error {
	done, err := n.Journal.Scope(ctx, job, n.scope)
	for _, e := range done {
		if e.State == journal.Done {
			n.done[e.Step] = e
		}
	}
	return err
}

// missing is the first step before one that is not done, "" for none.
func (n *night) missing(name string) string {
	for _, earlier := range Names[:slices.Index(Names, name)] {
		if _, done := n.done[earlier]; !done {
			return earlier
		}
	}
	return ""
}

func (n *night) step(ctx context.Context, lease string, s Step) (Report, error) {
	began := n.Clock()
	n.tell(Report{Name: s.Name, State: journal.Running})
	message, err := s.Do(ctx)
	r := Report{Name: s.Name, State: journal.Done, Message: message, Seconds: n.Clock().Sub(began).Seconds()}
	e := n.entry(lease, journal.Done)
	e.Step, e.Message = s.Name, message
	if err != nil {
		r.State, r.Message = journal.Failed, err.Error()
		e.State, e.Message = r.State, r.Message
	}
	n.tell(r)
	kept, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if kept := n.Journal.Add(kept, e); kept != nil {
		return r, errors.Join(err, kept)
	}
	if err != nil {
		return r, fmt.Errorf("%w: %s: %w", ErrFailed, s.Name, err)
	}
	n.done[s.Name] = e
	return r, nil
}

func (n *night) tell(r Report) {
	if n.Tell != nil {
		n.Tell(r)
	}
}
