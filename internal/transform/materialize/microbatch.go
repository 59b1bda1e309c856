package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// Group is slices that are put in place together: those of one partition, or
// all of them where partitions and slices do not fit together.
type Group struct {
	Partition string // "" for any
	Members   []int
}

// GroupSlices puts slices of one partition together, since two changes of one
// partition at once would lose one of them. spans is nil where unknown.
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

// StagedPartitions asks which partitions the staged rows of a group lie in.
func StagedPartitions(staged []Staged) string {
	names := make([]string, len(staged))
	for i, s := range staged {
		names[i] = literal(s.Table.Identifier)
	}
	return fmt.Sprintf("SELECT partition_id, table FROM system.parts WHERE database = %s AND table IN (%s) AND active AND rows > 0 GROUP BY partition_id, table ORDER BY partition_id, table",
		literal(staged[0].Table.Schema), strings.Join(names, ", "))
}

// Fits says whether all staged rows lie in the group's partition. Where they
// do not (the model moves rows in time), the change is one of the whole table.
func (g Group) Fits(partitions [][]string) bool {
	for _, row := range partitions {
		if row[0] != g.Partition {
			return false
		}
	}
	return g.Partition != ""
}

// CommitSlices plans the replacement of staged slices in the target: what lay
// in them goes, also where nothing takes its place.
func CommitSlices(r Request, g Group, staged []Staged, partitions [][]string) Plan {
	if !r.Existing.MergeTree() {
		return r.slicesByCopy(staged)
	}
	if !g.Fits(partitions) {
		return r.slicesByClone(staged)
	}
	var full []project.Relation // tables with rows
	for _, row := range partitions {
		full = append(full, project.Relation{Schema: staged[0].Table.Schema, Identifier: row[1]})
	}
	if g.whole(staged) && len(r.Spec.Predicates) == 0 {
		return r.wholePartition(g.Partition, full)
	}
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	steps := append([]Step{step(Aside, d.createLike(aside, r.Ticket))}, r.without(aside, g.Partition, r.within(slicesOf(staged)))...)
	steps = append(steps, r.attachAll(aside, full, g.Partition)...)
	steps = append(steps, r.replacePartition(g.Partition, aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}

// whole says whether the slices cover their partition without a gap.
func (g Group) whole(staged []Staged) bool {
	if len(joined(slicesOf(staged))) != 1 {
		return false
	}
	first, last := staged[0], staged[0]
	for _, s := range staged {
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

// wholePartition replaces a partition by what is staged for it.
func (r Request) wholePartition(partition string, full []project.Relation) Plan {
	if len(full) == 0 {
		return Plan{Steps: []Step{step(Swap, r.dialect().alter(r.Target, "DROP PARTITION ID "+literal(partition)))}}
	}
	steps := r.attachAll(full[0], full[1:], partition)
	return Plan{Steps: append(steps, r.replacePartition(partition, full[0]))}
}

// attachAll moves staged parts of a partition together.
func (r Request) attachAll(into project.Relation, from []project.Relation, partition string) []Step {
	var actions []string
	for _, f := range from {
		actions = append(actions, attachFrom(f, partition))
	}
	if len(actions) == 0 {
		return nil
	}
	return []Step{step(Aside, r.dialect().alter(into, actions...))}
}

// slicesByClone changes a clone of the whole table and swaps it in.
func (r Request) slicesByClone(staged []Staged) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	matching := r.within(slicesOf(staged))
	var steps []Step
	if r.Existing.Projections {
		steps = []Step{step(Aside, d.createLike(aside, r.Ticket)), r.keepRest(aside, matching)}
	} else {
		steps = []Step{step(Aside, d.clone(aside, r.Target)), r.remove(aside, matching)}
	}
	var actions []string
	for _, s := range staged {
		actions = append(actions, "ATTACH PARTITION ALL FROM "+Quote(s.Table))
	}
	steps = append(steps, step(Aside, d.alter(aside, actions...)), r.exchange(aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}

// slicesByCopy is for engines without parts.
func (r Request) slicesByCopy(staged []Staged) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	list := columnList(r.Existing.insertable())
	steps := []Step{step(Aside, d.createLike(aside, r.Target)), r.keepRest(aside, r.within(slicesOf(staged)))}
	for _, s := range staged {
		steps = append(steps, step(Aside, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", Quote(aside), list, list, Quote(s.Table))))
	}
	return Plan{Steps: append(steps, r.exchange(aside)), Cleanup: []string{d.drop(aside)}}
}

// Drop plans the removal of staged slices.
func Drop(cluster string, staged []Staged) Plan {
	var p Plan
	for _, s := range staged {
		p.Cleanup = append(p.Cleanup, dialect{cluster: cluster}.drop(s.Table))
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
