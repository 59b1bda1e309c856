package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// Portion is what a backfill rebuilds of a node, in place of what a run would
// do with it.
type Portion struct {
	// Whole builds the node anew, as --full-refresh does.
	Whole bool
	// Slices are rebuilt in the table that is there; a table that is missing is
	// built whole. In order of time, without overlaps.
	Slices []compile.Batch
	// Key, where it is set, is the column whose values are rebuilt with all
	// their rows, wherever in time those lie.
	Key string
	// Pack lets one query build neighbouring slices of a partition.
	Pack bool
	// Zone is the time zone of days of the event time.
	Zone *time.Location
}

// backfilling is the rebuilding of a portion. The table is held for a wave of
// partitions at a time, so that other runs get their turn in between.
type backfilling struct {
	*slicing
	Portion
	left []materialize.Group // not built yet
	// spans are those of the slices in a table partitioned like this one.
	spans       []materialize.Span
	partitioned *materialize.Found
}

// backfill rebuilds the portion of a table that is there. A new table is built
// whole.
func (e *execution) backfill(ctx context.Context, p Portion) error {
	if !e.found.Relations[e.node.Relation].IsTable() {
		return e.incremental(ctx)
	}
	if err := e.dropFeed(ctx); err != nil {
		return err
	}
	e.spec.Zone = p.Zone
	b := &backfilling{slicing: &slicing{execution: e, exists: true, batches: p.Slices}, Portion: p}
	err := e.hooked(ctx, b.waves)
	if errors.Is(err, materialize.ErrGone) && len(b.result.Successful) == 0 {
		return e.incremental(ctx)
	}
	return err
}

func (b *backfilling) waves(ctx context.Context) error {
	for first := true; first || len(b.left) > 0; first = false {
		if err := b.wave(ctx, first); err != nil {
			if ctx.Err() != nil || len(b.result.Successful) > 0 {
				b.abandon(ctx)
			}
			return err
		}
	}
	return b.finish(ctx)
}

// wave builds the next partitions side by side and swaps them in together:
// each swap makes a clone of the table, so it pays to share one.
func (b *backfilling) wave(ctx context.Context, first bool) error {
	existing := b.found.Relations[b.node.Relation]
	hold, err := b.held(ctx, materialize.TicketLike(b.names, b.Cluster, existing))
	if err != nil {
		return err
	}
	defer hold.Release(ctx)
	if !hold.Found.IsTable() {
		return materialize.ErrGone
	}
	b.request = b.execution.request(hold.Found)
	b.request.Ticket = hold.Ticket
	spans, err := b.locate(ctx)
	if err != nil {
		return err
	}
	if first {
		if err := b.adapt(ctx); err != nil {
			return err
		}
		b.left = materialize.GroupSlices(len(b.batches), spans)
	}
	now := b.next(spans)
	b.left = b.left[len(now):]
	built := make([]*sliceGroup, len(now))
	if len(now) > 1 && b.Pack {
		b.side(ctx, 1, func(int) { built = b.together(ctx, now, spans) })
	} else {
		b.side(ctx, len(now), func(i int) { built[i] = b.group(ctx, now[i], spans) })
	}
	if err := ctx.Err(); err != nil {
		for _, g := range built {
			if g != nil {
				b.clean(ctx, g.staged)
			}
		}
		return err
	}
	return b.put(ctx, built)
}

// locate finds the partitions of the slices, again where the table is another one now
// that is partitioned in another way.
func (b *backfilling) locate(ctx context.Context) (spans []materialize.Span, err error) {
	now := b.request.Existing
	if b.Key != "" || b.partitioned != nil && b.partitioned.PartitionKey == now.PartitionKey && slices.Equal(b.partitioned.Columns, now.Columns) {
		return b.spans, nil
	}
	b.spans, err = materialize.Spans(ctx, b.w, b.request, sliceList(b.batches))
	if err == nil {
		b.partitioned = now
	}
	return b.spans, err
}

// packed is how many partitions one query builds at most: a year of months.
const packed = 12

// next chooses what the wave builds: as many partitions as there are threads or,
// where one query is to build neighbours, those that follow one another.
func (b *backfilling) next(spans []materialize.Span) []materialize.Group {
	if !b.Pack || spans == nil {
		return b.left[:min(b.Threads, len(b.left))]
	}
	n := 1
	members := slices.Clone(b.left[0].Members)
	for n < min(packed, len(b.left)) {
		members = append(members, b.left[n].Members...)
		if len(b.stretches(members)) > 1 {
			break
		}
		n++
	}
	return b.left[:n]
}

// together builds neighbouring partitions by one query, into one stage.
func (b *backfilling) together(ctx context.Context, groups []materialize.Group, spans []materialize.Span) []*sliceGroup {
	var members []int
	for _, g := range groups {
		members = append(members, g.Members...)
	}
	all := b.group(ctx, materialize.Group{Members: members}, spans)
	var built []*sliceGroup
	for _, g := range groups {
		part := &sliceGroup{Group: g}
		if len(all.staged) > 0 {
			first, last := g.Members[0], g.Members[len(g.Members)-1]
			span := spans[first]
			span.After = spans[last].After
			part.owners = b.batches[first : last+1]
			part.staged = []materialize.Staged{{
				Slice: materialize.Slice{Start: b.batches[first].Start, End: b.batches[last].End}, Span: span, Table: all.staged[0].Table,
			}}
		}
		built = append(built, part)
	}
	return built
}

// side does n things at once, as far as the run's threads allow.
func (b *backfilling) side(ctx context.Context, n int, do func(int)) {
	done := make(chan struct{})
	started := 0
	for i := range n {
		select {
		case <-ctx.Done():
		case b.runner.slices <- struct{}{}:
			started++
			go func() {
				defer func() { <-b.runner.slices; done <- struct{}{} }()
				do(i)
			}()
		}
	}
	for range started {
		<-done
	}
}

// group builds the slices of a partition, one after the other, each stretch of
// neighbours into one stage. What fails leaves its stretch out.
func (b *backfilling) group(ctx context.Context, of materialize.Group, spans []materialize.Span) *sliceGroup {
	g := &sliceGroup{Group: of}
	for _, stretch := range b.stretches(of.Members) {
		first, last := b.batches[stretch[0]], b.batches[stretch[len(stretch)-1]]
		staged := materialize.Staged{
			Slice: materialize.Slice{Start: first.Start, End: last.End}, Table: b.names.Temporary(b.node.Relation),
		}
		if spans != nil {
			staged.Span = spans[stretch[0]]
			staged.Span.After = spans[stretch[len(stretch)-1]].After
		}
		batches := b.batches[stretch[0] : stretch[len(stretch)-1]+1]
		if err := b.fill(ctx, staged, batches); err != nil {
			b.settle(b.explain(ctx, err), batches...)
			b.clean(ctx, []materialize.Staged{staged})
			continue
		}
		g.staged, g.owners = append(g.staged, staged), append(g.owners, batches...)
	}
	return g
}

// stretches parts the members of a group where one does not follow the other.
func (b *backfilling) stretches(members []int) [][]int {
	var out [][]int
	for k, i := range members {
		if k == 0 || members[k-1] != i-1 || !b.batches[i-1].End.Equal(b.batches[i].Start) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// fill builds a stretch into its stage.
func (b *backfilling) fill(ctx context.Context, staged materialize.Staged, batches []compile.Batch) error {
	if _, err := b.promptly().Perform(ctx, materialize.OpenStage(b.request, staged.Table)); err != nil {
		return err
	}
	if b.Pack || b.Key != "" {
		whole := batches[0]
		whole.End = batches[len(batches)-1].End
		batches = []compile.Batch{whole}
	}
	for _, batch := range batches {
		compiled, err := b.compile(ctx, &batch)
		if err != nil {
			return err
		}
		r := b.request
		r.SQL = compiled.SQL
		var within *materialize.Slice
		if b.Key == "" && b.spec.Strategy != "microbatch" {
			within = &materialize.Slice{Start: batch.Start, End: batch.End}
		}
		out, err := b.promptly().Perform(ctx, materialize.FillStage(r, staged.Table, within))
		b.mu.Lock()
		b.execution.result.Rows += out.Rows
		b.execution.result.Bytes += out.Bytes
		b.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// put swaps in what a wave has staged, and says so where it is remembered.
func (b *backfilling) put(ctx context.Context, built []*sliceGroup) error {
	var groups []materialize.StagedGroup
	var owners []compile.Batch
	var staged []materialize.Staged
	for _, g := range built {
		if len(g.staged) > 0 {
			groups = append(groups, materialize.StagedGroup{Group: g.Group, Staged: g.staged})
			owners, staged = append(owners, g.owners...), append(staged, g.staged...)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	plan := materialize.CommitSlices(b.request, groups)
	if b.Key != "" {
		plan = materialize.CommitKeys(b.request, staged[0], b.Key)
	}
	_, err := b.promptly().Perform(ctx, plan)
	b.clean(ctx, staged)
	b.settle(err, owners...)
	if err != nil || b.Done == nil {
		return nil // settled: the other partitions may do better
	}
	slices.SortFunc(owners, func(x, y compile.Batch) int { return x.Start.Compare(y.Start) })
	if err := b.Done(ctx, b.node, owners); err != nil {
		return fmt.Errorf("remember what is done of %s: %w", b.node.Name, err)
	}
	return nil
}
