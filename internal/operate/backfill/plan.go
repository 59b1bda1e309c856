package backfill

import (
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// How says how a model is rebuilt.
type How string

// The ways.
const (
	Slices How = "slices" // rows of the range, slice by slice
	Keys   How = "keys"   // all rows of the keys that have one in the range
	Whole  How = "whole"  // tables, views, and what is not there yet
	Live   How = "live"   // a table that a materialized view feeds: rebuilt while rows come
	Update How = "update" // incremental without event_time: brought up to date as a run does
	Kept   How = "kept"   // tables that sinks write: left alone
)

// Slice is a stretch of time of one model.
type Slice struct {
	From, To  time.Time
	Partition string // of the model's table, "" where unknown
	State     journal.State
}

// Task is one model.
type Task struct {
	Node        *project.Node
	How         How
	Slices      []Slice // of Slices and Keys
	State       journal.State
	Fingerprint string
	Notice      string // "" or what the operator should know
	Pack        bool   // neighbouring slices of a partition share a query
	key         string // of Keys
}

// Left counts what is still to be done: slices, or 1 for a task without them.
func (t *Task) Left() int {
	if len(t.Slices) == 0 {
		if t.State == journal.Done || t.How == Kept {
			return 0
		}
		return 1
	}
	n := 0
	for _, s := range t.Slices {
		if s.State != journal.Done {
			n++
		}
	}
	return n
}

// Total counts what the task consists of.
func (t *Task) Total() int {
	if t.How == Kept {
		return 0
	}
	return max(1, len(t.Slices))
}

// Standing is what is known of a model's table.
type Standing struct {
	Spec     materialize.Spec
	Existing *materialize.Found // nil: not there
}

// plan says how a model is rebuilt for the range.
func plan(n *project.Node, s Standing, r Range) (*Task, error) {
	t := &Task{Node: n, How: Whole, State: journal.Pending}
	switch {
	case n.Config.Materialized == "materialized_view":
		t.How = Live
	case n.Config.Materialized != "incremental":
	case s.Spec.Keep:
		if s.Existing.IsTable() {
			t.How = Kept
		}
	case !s.Existing.IsTable():
	case s.Spec.EventTime == "":
		t.How = Update
		t.Notice = "it has no event_time: brought up to date, and not rebuilt for the range"
	case s.Spec.BackfillKey != "":
		t.How, t.key = Keys, s.Spec.BackfillKey
		t.Slices = []Slice{{From: r.From, To: r.To, State: journal.Pending}}
	default:
		t.How = Slices
		return t, t.slice(s, r)
	}
	return t, nil
}

// slice parts the range for a model.
func (t *Task) slice(s Standing, r Range) (err error) {
	if s.Spec.Strategy == "microbatch" {
		return t.batches(s, r)
	}
	t.Pack = !r.Given
	if r.Grain == Hour && s.days() {
		r.Grain = Day
		if err := r.check("", ""); err != nil {
			return fmt.Errorf("%s: its event_time %s is a day, so that the range has to begin and end with one", t.Node.Name, s.Spec.EventTime)
		}
	}
	t.Slices, err = r.slices()
	if err != nil {
		return fmt.Errorf("%s: %w", t.Node.Name, err)
	}
	return nil
}

// batches are those of a microbatch model that the range touches: its own
// size, and whole ones, as its runs build them.
func (t *Task) batches(s Standing, r Range) error {
	batches, err := s.Spec.Slices(r.To, true, r.From, r.To)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Node.Name, err)
	}
	for _, b := range batches {
		t.Slices = append(t.Slices, Slice{From: b.Start, To: b.End})
	}
	if batches[0].Start.Before(r.From) || batches[len(batches)-1].End.After(r.To) {
		t.Notice = fmt.Sprintf("its batches are one %s in UTC: those that the range touches are rebuilt whole", s.Spec.BatchSize)
	}
	return nil
}

// days says whether the event time is one of days.
func (s Standing) days() bool {
	for _, c := range s.Existing.Columns {
		if c.Name == s.Spec.EventTime {
			return c.Type == "Date" || c.Type == "Date32"
		}
	}
	return false
}

// portion is what the run is told of a task; false where it has nothing to do.
func (t *Task) portion(zone *time.Location) (run.Portion, bool) {
	if t.Left() == 0 {
		return run.Portion{}, false
	}
	p := run.Portion{Whole: t.How == Live, Zone: zone, Pack: t.Pack, Key: t.key}
	for _, s := range t.Slices {
		if s.State != journal.Done {
			p.Slices = append(p.Slices, compile.Batch{Start: s.From.UTC(), End: s.To.UTC(), Range: true, Zone: zone})
		}
	}
	return p, true
}
