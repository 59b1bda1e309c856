package run

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// commit puts in place, at once, this group and all others that have become
// ready while an earlier commit was under way: each changes a clone of the
// whole table, so two at once would lose one, and one after another would take
// long. It does nothing if another commit has taken the group along.
func (s *slicing) commit(ctx context.Context, g *sliceGroup) {
	s.mu.Lock()
	s.ready = append(s.ready, g)
	s.mu.Unlock()
	s.committing.Lock()
	defer s.committing.Unlock()
	s.mu.Lock()
	together := s.ready
	s.ready = nil
	s.mu.Unlock()
	if len(together) == 0 {
		return
	}
	groups := make([]materialize.StagedGroup, len(together))
	for i, g := range together {
		groups[i] = materialize.StagedGroup{Group: g.Group, Staged: g.staged}
	}
	err := s.replace(ctx, groups)
	for _, g := range together {
		s.clean(ctx, g.staged)
		s.settle(err, g.owners...)
	}
}

// replace changes the table, which is another one after each commit.
func (s *slicing) replace(ctx context.Context, groups []materialize.StagedGroup) error {
	r := s.request
	found, err := materialize.LookAt(ctx, s.w, r.Target)
	if err != nil {
		return err
	}
	if found != nil {
		r.Existing = found
	}
	_, err = s.promptly().Perform(ctx, materialize.CommitSlices(r, groups))
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
