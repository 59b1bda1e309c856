package run

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// commit puts a group in place. Groups of single partitions go side by side,
// one that changes the whole table goes alone.
func (s *slicing) commit(ctx context.Context, g *sliceGroup) error {
	partitions, err := materialize.Ask(ctx, s.w, materialize.StagedPartitions(g.staged))
	if err != nil {
		return err
	}
	if g.Fits(partitions) {
		s.whole.RLock()
		defer s.whole.RUnlock()
	} else {
		s.whole.Lock()
		defer s.whole.Unlock()
	}
	_, err = s.promptly().Perform(ctx, materialize.CommitSlices(s.request, g.Group, g.staged, partitions))
	return err
}

// promptly performs plans whose temporary tables go at once: there may be
// thousands.
func (s *slicing) promptly() materialize.Performer {
	p := s.performer()
	p.Later = nil
	return p
}

func (s *slicing) clean(ctx context.Context, staged []materialize.Staged) {
	// A plan of cleanups only warns.
	_, _ = s.promptly().Perform(ctx, materialize.Drop(s.Cluster, staged))
}

// settle notes what became of batches and tells of it.
func (s *slicing) settle(err error, batches ...compile.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := Success
	if err != nil {
		status = Error
		s.errs = append(s.errs, err)
		s.result.Failed = append(s.result.Failed, batches...)
	} else {
		s.result.Successful = append(s.result.Successful, batches...)
	}
	for _, b := range batches {
		s.emit(Event{Kind: BatchFinished, Node: s.node, Batch: s.name(b), Result: &Result{Node: s.node, Status: status, Err: err}})
	}
}

func (s *slicing) name(b compile.Batch) string {
	layout := map[string]string{"hour": "2006-01-02T15", "month": "2006-01", "year": "2006"}[s.spec.BatchSize]
	if layout == "" {
		layout = "2006-01-02"
	}
	return b.Start.Format(layout)
}

// abandon removes what a cancellation left staged, and notes which slices of
// an existing table are still to be built.
func (s *slicing) abandon(ctx context.Context) {
	for _, g := range s.groups {
		if s.exists && g.left > 0 {
			s.clean(ctx, g.staged)
		}
	}
	if !s.exists {
		return
	}
	s.result.Failed = nil
	for _, b := range s.batches {
		if !slices.Contains(s.result.Successful, b) {
			s.result.Failed = append(s.result.Failed, b)
		}
	}
	s.execution.result.Batches = &s.result
}

// finish puts a new table in place and says how the model ended. A new
// version of an existing table is only put in place when it is complete.
func (s *slicing) finish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		s.abandon(ctx)
		return err
	}
	if !s.exists && (len(s.errs) == 0 || s.request.Existing == nil && len(s.result.Successful) > 0) {
		if err := s.perform(ctx, materialize.Place(s.request)); err != nil {
			return err
		}
	} else if !s.exists {
		return errors.Join(s.errs...)
	}
	s.execution.result.Batches = &s.result
	if len(s.result.Successful) == 0 {
		return errors.Join(s.errs...)
	}
	if len(s.errs) > 0 {
		s.execution.result.Status, s.execution.result.Err = PartialSuccess, errors.Join(s.errs...)
		s.execution.result.Message = fmt.Sprintf("%d of %d batches failed: %s", len(s.result.Failed), len(s.batches), s.errs[0])
	}
	return nil
}
