package run

import (
	"context"
	"fmt"
	"sync"

	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// batches plans the slices of the node, or takes those that an earlier run
// left undone.
func (e *execution) batches(exists bool) ([]compile.Batch, error) {
	if again := e.Retry[e.node.UniqueID]; len(again) > 0 {
		return again, nil
	}
	planned, err := e.spec.Slices(e.Clock(), exists, e.EventTimeStart, e.EventTimeEnd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.node.Place, err)
	}
	out := make([]compile.Batch, len(planned))
	for i, s := range planned {
		out[i] = compile.Batch{Start: s.Start, End: s.End, Fresh: !exists}
	}
	return out, nil
}

// slicing is a microbatch model under way.
type slicing struct {
	*execution
	request materialize.Request
	exists  bool // slices are replaced in a table that readers see
	batches []compile.Batch
	groups  []*sliceGroup

	committing sync.Mutex // held while the table is changed

	mu     sync.Mutex
	ready  []*sliceGroup // staged, and not taken by a commit yet
	result Batches
	errs   []error
}

// sliceGroup is slices that are put in place together once all are staged.
type sliceGroup struct {
	materialize.Group
	mu     sync.Mutex
	left   int
	staged []materialize.Staged
	owners []compile.Batch
}

func (e *execution) microbatch(ctx context.Context, request materialize.Request, exists bool) error {
	batches, err := e.batches(exists)
	if err != nil {
		return err
	}
	s := &slicing{execution: e, request: request, exists: exists, batches: batches}
	if exists {
		if err := s.adapt(ctx); err != nil {
			return err
		}
	}
	spans, err := s.group(ctx)
	if err != nil {
		return err
	}
	s.work(ctx, spans)
	return s.finish(ctx)
}

// work builds the slices. All models of the run share its threads for them.
func (s *slicing) work(ctx context.Context, spans []materialize.Span) {
	var work sync.WaitGroup
	defer work.Wait()
	for _, g := range s.groups {
		for _, i := range g.Members {
			select {
			case <-ctx.Done():
				return
			case s.runner.slices <- struct{}{}:
			}
			work.Go(func() {
				defer func() { <-s.runner.slices }()
				s.slice(ctx, g, i, spans)
			})
		}
	}
}

// adapt brings the table's columns up to date before the first slice.
func (s *slicing) adapt(ctx context.Context) error {
	if s.spec.OnSchemaChange == "ignore" {
		return nil
	}
	compiled, err := s.compile(ctx, &s.batches[0])
	if err != nil {
		return err
	}
	r := s.request
	r.SQL = compiled.SQL
	if err := s.perform(ctx, materialize.Adapt(r)); err != nil {
		return err
	}
	hold := s.request.Existing.Name
	found, err := materialize.LookAt(ctx, s.w, hold)
	if found != nil {
		s.request.Existing = found
	}
	return err
}

func (s *slicing) group(ctx context.Context) ([]materialize.Span, error) {
	if !s.exists {
		s.groups = []*sliceGroup{{Group: materialize.GroupSlices(len(s.batches), nil)[0], left: len(s.batches)}}
		return nil, nil
	}
	spans, err := materialize.Spans(ctx, s.w, s.request, sliceList(s.batches))
	if err != nil {
		return nil, err
	}
	for _, g := range materialize.GroupSlices(len(s.batches), spans) {
		s.groups = append(s.groups, &sliceGroup{Group: g, left: len(g.Members)})
	}
	return spans, nil
}

func sliceList(batches []compile.Batch) []materialize.Slice {
	out := make([]materialize.Slice, len(batches))
	for i, b := range batches {
		out[i] = materialize.Slice{Start: b.Start, End: b.End}
	}
	return out
}

// slice builds one slice. The last of a group puts the group in place.
func (s *slicing) slice(ctx context.Context, g *sliceGroup, i int, spans []materialize.Span) {
	b := s.batches[i]
	staged := materialize.Staged{
		Slice: materialize.Slice{Start: b.Start, End: b.End}, Table: s.names.Temporary(s.node.Relation),
	}
	if spans != nil {
		staged.Span = spans[i]
	}
	err := s.stage(ctx, &b, staged)
	if err != nil {
		s.settle(s.explain(ctx, err), b)
		s.clean(ctx, []materialize.Staged{staged})
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil {
		g.staged, g.owners = append(g.staged, staged), append(g.owners, b)
	}
	if g.left--; g.left == 0 && len(g.staged) > 0 {
		s.finishGroup(ctx, g)
	}
}

// finishGroup puts in place what a group has staged; a slice that failed does
// not keep the others back.
func (s *slicing) finishGroup(ctx context.Context, g *sliceGroup) {
	if !s.exists { // the slices went straight into the new table
		s.settle(nil, g.owners...)
		return
	}
	s.commit(ctx, g)
}

func (s *slicing) stage(ctx context.Context, b *compile.Batch, staged materialize.Staged) error {
	compiled, err := s.compile(ctx, b)
	if err != nil {
		return err
	}
	r := s.request
	r.SQL = compiled.SQL
	plan := materialize.AddSlice(r, staged.Table)
	if s.exists {
		plan = materialize.StageSlice(r, staged.Table)
	}
	out, err := s.promptly().Perform(ctx, plan)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.execution.result.Rows += out.Rows
	s.execution.result.Bytes += out.Bytes
	return err
}
