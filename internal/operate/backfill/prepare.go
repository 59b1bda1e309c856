package backfill

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// Options is one backfill.
type Options struct {
	Range Range
	// Run is what a run of the models would be: its nodes are those to
	// rebuild, in the order of the DAG.
	Run run.Options
	// Fingerprint tells the versions of a node's text apart.
	Fingerprint func(n *project.Node) string
	Resume      bool

	Archive Archive // where raw events come from first; nil: nowhere
	// ArchiveName tells archives apart: what one has given is not what another has.
	ArchiveName string
	Loader      Loader  // what brings them into the raw table
	Changes     Changes // where database changes come from first; nil: nowhere
	// ChangeTables are the raw tables that they go to: no other backfill fills them meanwhile.
	ChangeTables []*project.Node
	Cache        Cache // whose days are rewritten afterwards; nil: none

	Tell func(Event) // called from one goroutine at a time; nil for nobody
}

// Event says what a backfill is doing beside building models.
type Event struct {
	Step string // archive, changes or cache
	Day  time.Time
	Done int // days of the range, or hours of changes, that are finished
	Of   int
	Note string // "" or why a day was left as it is
}

// Backfill is a plan, and what it takes to carry it out.
type Backfill struct {
	Options
	Tasks []*Task
	// The steps beside the models: archive and cache by day, changes by hour.
	Archived, Changed, Cached []Slice
	Notice                    string // "" or what the operator should know
	// Earlier says that a run of the same range was not finished; Resumed that
	// this one goes on with it.
	Earlier *journal.Entry
	Resumed bool

	journal *journal.Journal
	scope   string
	run     string // whose steps count
}

// Prepare looks around and plans. It changes nothing.
func Prepare(ctx context.Context, o Options) (*Backfill, error) {
	b := &Backfill{Options: o, journal: &journal.Journal{Warehouse: o.Run.Warehouse, Database: o.Run.Schema, Cluster: o.Run.Cluster}}
	if err := b.plan(ctx); err != nil {
		return nil, err
	}
	if o.Archive != nil {
		b.Archived = o.Range.days()
	}
	if o.Cache != nil {
		b.Cached = o.Range.days()
	}
	if err := b.planChanges(ctx); err != nil {
		return nil, err
	}
	b.scope = b.scopeID()
	return b, b.recall(ctx)
}

// scopeID names what the backfill is about: the same range, grain and models.
func (b *Backfill) scopeID() string {
	ids := []string{b.Range.From.UTC().Format(time.RFC3339), b.Range.To.UTC().Format(time.RFC3339), string(b.Range.Grain), b.Range.Zone.String(), fmt.Sprint(b.Archive != nil), b.ArchiveName}
	for _, n := range b.ChangeTables {
		ids = append(ids, changesStep+" "+n.UniqueID)
	}
	for _, t := range b.Tasks {
		ids = append(ids, t.Node.UniqueID)
	}
	text, _ := json.Marshal(ids) // strings always encode
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// plan makes the tasks.
func (b *Backfill) plan(ctx context.Context) error {
	var nodes []*project.Node
	var names []project.Relation
	for _, n := range b.Run.Nodes {
		if n.Kind == project.Model && n.Config.Materialized != "ephemeral" {
			nodes, names = append(nodes, n), append(names, n.Relation)
		}
	}
	found, err := materialize.Look(ctx, b.Run.Warehouse, names)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		t, err := b.task(ctx, n, found.Relations[n.Relation])
		if err != nil {
			return err
		}
		t.Fingerprint = b.Fingerprint(n)
		b.Tasks = append(b.Tasks, t)
	}
	return nil
}

func (b *Backfill) task(ctx context.Context, n *project.Node, existing *materialize.Found) (*Task, error) {
	spec, _, err := materialize.ReadSpec(n)
	if err != nil {
		return nil, err
	}
	spec.Zone = b.Range.Zone
	sliced := n.Config.Materialized == "incremental" && spec.EventTime != "" && existing.IsTable()
	if sliced {
		if existing, err = materialize.LookAt(ctx, b.Run.Warehouse, n.Relation); err != nil {
			return nil, err
		}
	}
	t, err := plan(n, Standing{Spec: spec, Existing: existing}, b.Range)
	if err != nil || t.How != Slices {
		return t, err
	}
	return t, b.locate(ctx, t, spec, existing)
}

// locate finds in which partitions a task's slices lie.
func (b *Backfill) locate(ctx context.Context, t *Task, spec materialize.Spec, existing *materialize.Found) error {
	of := make([]materialize.Slice, len(t.Slices))
	for i, s := range t.Slices {
		of[i] = materialize.Slice{Start: s.From, End: s.To}
		t.Slices[i].State = journal.Pending
	}
	spans, err := materialize.Spans(ctx, b.Run.Warehouse, materialize.Request{Target: t.Node.Relation, Spec: spec, Existing: existing}, of)
	if err != nil {
		return err
	}
	for _, g := range materialize.GroupSlices(len(of), spans) {
		for _, i := range g.Members {
			t.Slices[i].Partition = g.Partition
		}
	}
	return nil
}

// recall reads what an earlier run of the same backfill has done, where that was
// not finished and this one is to go on with it.
func (b *Backfill) recall(ctx context.Context) error {
	newest, err := b.journal.Newest(ctx, job, b.scope)
	if err != nil || newest == nil || newest.State == journal.Done {
		return err // what is finished is not gone on with: the data may be others now
	}
	if b.Earlier = newest; !b.Resume {
		return nil
	}
	b.Resumed, b.run = true, newest.Run
	steps, err := b.journal.Steps(ctx, job, b.scope, newest.Run)
	if err != nil {
		return err
	}
	remember(b.Tasks, b.Run.Graph, steps)
	b.rememberDays(steps)
	return nil
}

func (b *Backfill) rememberDays(steps []journal.Entry) {
	type slice struct {
		step     string
		from, to int64
	}
	done := map[slice]bool{}
	for _, e := range steps {
		done[slice{e.Step, e.From.UnixMilli(), e.To.UnixMilli()}] = e.State == journal.Done
	}
	for step, days := range map[string][]Slice{archiveStep: b.Archived, changesStep: b.Changed, cacheStep: b.Cached} {
		for i, d := range days {
			if done[slice{step, d.From.UnixMilli(), d.To.UnixMilli()}] {
				days[i].State = journal.Done
			}
		}
	}
}

// Left and Total count what is to be done, and all there is.
func (b *Backfill) Left() (left, total int) {
	for _, t := range b.Tasks {
		left, total = left+t.Left(), total+t.Total()
	}
	for _, days := range [][]Slice{b.Archived, b.Changed, b.Cached} {
		for _, d := range days {
			if total++; d.State != journal.Done {
				left++
			}
		}
	}
	return left, total
}
