package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Group is slices that are put in place together: those of one partition, or
// all of them where partitions and slices do not fit together.
type Group struct {
	Partition string // "" for any
	Members   []int
}

// GroupSlices puts slices of one partition together, so that a partition that
// is built whole can be replaced whole. spans is nil where unknown.
func GroupSlices(count int, spans []Span) []Group {
	var groups []Group
	at := map[string]int{}
	for i := range count {
		if spans == nil || spans[i].First != spans[i].Last {
			return []Group{{Members: upTo(count)}}
		}
		p := spans[i].First
		if _, known := at[p]; !known {
			at[p] = len(groups)
			groups = append(groups, Group{Partition: p})
		}
		groups[at[p]].Members = append(groups[at[p]].Members, i)
	}
	return groups
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Staged is a slice whose rows stand in a table of their own.
type Staged struct {
	Slice Slice
	Span  Span // zero where unknown
	Table project.Relation
}

// StagedGroup is what has been staged of a group.
type StagedGroup struct {
	Group
	Staged []Staged // at least one
}

// StageSlice plans the filling of a slice's table, made after the ticket so
// that a run that lost its hold cannot make it.
func StageSlice(r Request, into project.Relation) Plan {
	return Plan{Steps: []Step{
		step(Aside, r.dialect().createLike(into, r.Ticket)),
		r.fill(into, r.Existing.insertable(), r.SQL),
	}}
}

// AddSlice plans one slice of a new table, which nobody reads yet.
func AddSlice(r Request, stage project.Relation) Plan {
	d := r.dialect()
	return Plan{
		Steps: []Step{
			step(Aside, d.createLike(stage, r.Ticket)),
			r.insert(stage, r.SQL),
			step(Aside, d.alter(r.Ticket, "ATTACH PARTITION ALL FROM "+Quote(stage))),
		},
		Cleanup: []string{d.drop(stage)},
	}
}

// Place plans the last step of a new table that was filled by slices.
func Place(r Request) Plan { return Plan{Steps: []Step{r.place(r.Ticket)}} }

// CommitSlices plans the replacement of staged slices in the target: what lay
// in them goes, also where nothing takes its place.
func CommitSlices(r Request, groups []StagedGroup) Plan {
	var gone removal
	var within []Slice
	var tables []project.Relation
	known := true // in which partitions the slices lie
	for _, g := range groups {
		for _, s := range g.Staged {
			if !slices.Contains(tables, s.Table) { // one may hold several partitions
				tables = append(tables, s.Table)
			}
		}
		if r.Existing.MergeTree() && g.whole() && len(r.Spec.Predicates) == 0 {
			gone.whole = append(gone.whole, g.Partition)
			continue
		}
		within = append(within, slicesOf(g.Staged)...)
		gone.within = append(gone.within, g.Partition)
		known = known && g.Partition != ""
	}
	if !known {
		gone.within = nil
	}
	if len(within) > 0 {
		gone.matching = r.within(within)
	}
	switch {
	case !r.Existing.MergeTree():
		return r.slicesByCopy(gone.matching, tables)
	case len(within) == 0 && r.local():
		return r.partitionsByStage(gone.whole, tables)
	}
	return r.viaClone(changes{}, gone, tables...)
}

// partitionsByStage makes the first stage the new version of a table of which only
// partitions go that are replaced as a whole: the others are attached to it, which share
// their parts. A clone would have to link and unlink those that go, too.
func (r Request) partitionsByStage(gone []string, staged []project.Relation) Plan {
	d, aside := r.dialect(), staged[0]
	return Plan{Then: &Probe{SQL: r.otherPartitions(gone), Next: func(a Answer) (Plan, error) {
		var attach []string
		for _, id := range a.Strings() {
			attach = append(attach, "ATTACH PARTITION ID "+warehouse.Literal(id)+" FROM "+Quote(r.Target))
		}
		for _, s := range staged[1:] {
			attach = append(attach, "ATTACH PARTITION ALL FROM "+Quote(s))
		}
		var steps []Step
		if len(attach) > 0 {
			steps = append(steps, step(Aside, d.alter(aside, attach...)))
		}
		return Plan{Steps: append(steps, r.exchange(aside))}, nil
	}}}
}

// local says whether one server has the whole target, so that it knows all partitions.
func (r Request) local() bool {
	engine := r.Existing.Engine
	return r.Cluster == "" && !strings.HasPrefix(engine, "Replicated") && !strings.HasPrefix(engine, "Shared")
}

// otherPartitions asks for the target's partitions but for some.
func (r Request) otherPartitions(but []string) string {
	return fmt.Sprintf("SELECT DISTINCT partition_id FROM system.parts WHERE %s AND active AND partition_id NOT IN (%s) ORDER BY partition_id",
		partsOf(r.Target), literals(but))
}

// whole says whether the slices cover their partition without a gap.
func (g StagedGroup) whole() bool {
	if g.Partition == "" || len(joined(slicesOf(g.Staged))) != 1 {
		return false
	}
	first, last := g.Staged[0], g.Staged[0]
	for _, s := range g.Staged {
		if s.Slice.Start.Before(first.Slice.Start) {
			first = s
		}
		if s.Slice.End.After(last.Slice.End) {
			last = s
		}
	}
	return first.Span.Before != g.Partition && last.Span.After != g.Partition
}

func slicesOf(staged []Staged) []Slice {
	out := make([]Slice, len(staged))
	for i, s := range staged {
		out[i] = s.Slice
	}
	return out
}

// slicesByCopy is for engines without parts.
func (r Request) slicesByCopy(matching string, staged []project.Relation) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	list := columnList(r.Existing.insertable())
	steps := []Step{step(Aside, d.createLike(aside, r.Target)), r.keepRest(aside, matching)}
	for _, table := range staged {
		steps = append(steps, step(Aside, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", Quote(aside), list, list, Quote(table))))
	}
	return Plan{Steps: append(steps, r.exchange(aside)), Cleanup: []string{d.drop(aside)}}
}

// Drop plans the removal of staged slices.
func Drop(cluster string, staged []Staged) Plan {
	var p Plan
	for _, s := range staged {
		sql := dialect{cluster: cluster}.drop(s.Table)
		if !slices.Contains(p.Cleanup, sql) { // a table may hold several slices
			p.Cleanup = append(p.Cleanup, sql)
		}
	}
	return p
}

// Adapt asks for the columns of a slice and plans the changes that
// on_schema_change asks for, before any slice is built.
func Adapt(r Request) Plan {
	if r.Spec.OnSchemaChange == "ignore" {
		return Plan{}
	}
	return Plan{Then: &Probe{SQL: describe(r.SQL), Next: func(a Answer) (Plan, error) {
		c, _, err := r.compare(a.Rows)
		if err != nil || c.none() {
			return Plan{}, err
		}
		d := r.dialect()
		return Plan{Steps: append(c.alter(d, r.Ticket, r.Spec), c.alter(d, r.Target, r.Spec)...)}, nil
	}}}
}
