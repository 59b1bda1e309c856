package backfill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
)

const (
	job         = "backfill"
	archiveStep = "archive"
	changesStep = "changes"
	cacheStep   = "cache"
)

// claimed is the message of a job's row: what it holds, for others to read.
type claimed struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Models []string  `json:"models"`
	// Changes says that it brings database changes back, which one does at a time: their
	// tables aside are removed by the next.
	Changes bool `json:"changes"`
}

// Perform carries the plan out. The results are those of the models; errors are
// run.ErrFailed, run.ErrCancelled, a *journal.ConflictError where another
// backfill of the same models is at work, or what kept it from going on.
func (b *Backfill) Perform(ctx context.Context) (*run.Results, error) {
	if err := b.journal.Open(ctx); err != nil {
		return nil, err
	}
	leased, claim, err := b.journal.Claim(ctx, b.claim())
	if err != nil {
		return nil, err
	}
	defer claim.Release(ctx)
	results, err := b.perform(leased)
	return results, errors.Join(err, b.close(ctx, claim.ID, err))
}

func (b *Backfill) claim() journal.ClaimOptions {
	mine := claimed{From: b.Range.From.UTC(), To: b.Range.To.UTC(), Changes: b.Changes != nil}
	for _, t := range b.Tasks {
		if t.How != Kept {
			mine.Models = append(mine.Models, t.Node.UniqueID)
		}
	}
	for _, n := range b.ChangeTables {
		mine.Models = append(mine.Models, n.UniqueID)
	}
	text, _ := json.Marshal(mine) // strings and times always encode
	return journal.ClaimOptions{
		Job: job, Dir: b.Run.TargetDir, Logger: b.Run.Logger,
		Conflicts: func(e journal.Entry) string { return mine.conflict(e) },
		Begin: func(lease string) journal.Entry {
			if b.run == "" {
				b.run = lease
			}
			return b.entry(lease, journal.Running, string(text))
		},
	}
}

func (b *Backfill) entry(lease string, state journal.State, message string) journal.Entry {
	return journal.Entry{Job: job, Scope: b.scope, Run: b.run, Lease: lease, State: state, Message: message}
}

// conflict says why another backfill is in the way, "" if it is not.
func (mine claimed) conflict(other journal.Entry) string {
	var theirs claimed
	if json.Unmarshal([]byte(other.Message), &theirs) != nil {
		return ""
	}
	does := ""
	if mine.Changes && theirs.Changes {
		does = "brings database changes back"
	}
	for _, id := range mine.Models {
		if slices.Contains(theirs.Models, id) {
			does = "rebuilds " + id
			break
		}
	}
	if does == "" {
		return ""
	}
	return fmt.Sprintf("another backfill (%s) of %s to %s %s, too\n  wait for it to end, or end it: its claim goes with it, on another host after a minute",
		other.Describe(), theirs.From.Format(written), theirs.To.Format(written), does)
}

// close writes down how the job ended.
func (b *Backfill) close(ctx context.Context, lease string, err error) error {
	e := b.entry(lease, journal.Done, "")
	if err != nil {
		e.State, e.Message = journal.Failed, err.Error()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return b.journal.Add(ctx, e)
}

func (b *Backfill) perform(ctx context.Context) (*run.Results, error) {
	if err := b.refill(ctx); err != nil {
		return nil, err
	}
	if err := b.refillChanges(ctx); err != nil {
		return nil, err
	}
	results, err := run.Run(ctx, b.runOptions())
	if err != nil {
		return results, err
	}
	return results, b.rewrite(ctx)
}

// runOptions are those of the run that rebuilds what is left.
func (b *Backfill) runOptions() run.Options {
	o := b.Run
	o.Command, o.Nodes, o.Portions, o.Done = "run", nil, map[string]run.Portion{}, b.done
	for _, t := range b.Tasks {
		if p, ok := t.portion(b.Range.Zone); ok {
			o.Nodes = append(o.Nodes, t.Node)
			o.Portions[t.Node.UniqueID] = p
		}
	}
	return o
}

// done writes down what stands: slices, or the whole node.
func (b *Backfill) done(ctx context.Context, n *project.Node, batches []compile.Batch) error {
	e := b.entry("", journal.Done, "")
	e.Step, e.Fingerprint = n.UniqueID, b.Fingerprint(n)
	if len(batches) == 0 {
		return b.journal.Add(ctx, e)
	}
	entries := make([]journal.Entry, len(batches))
	for i, s := range batches {
		entries[i] = e
		entries[i].From, entries[i].To = s.Start, s.End
	}
	return b.journal.Add(ctx, entries...)
}

func (b *Backfill) tell(e Event) {
	if b.Tell != nil {
		b.Tell(e)
	}
}

// eachDay does a step for the days that it is not done for, and writes each
// down. do may give a note instead of doing it.
func (b *Backfill) eachDay(ctx context.Context, step string, days []Slice, do func(context.Context, Slice) (string, error)) error {
	for i, d := range days {
		if d.State == journal.Done {
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%w: %w", run.ErrCancelled, err)
		}
		note, err := do(ctx, d)
		if err != nil {
			return err
		}
		b.tell(Event{Step: step, Day: d.From, Done: i + 1, Of: len(days), Note: note})
		if note != "" {
			continue
		}
		e := b.entry("", journal.Done, "")
		e.Step, e.From, e.To = step, d.From, d.To
		if err := b.journal.Add(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
