package materialize

import (
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Incremental plans a change of an existing table. The run holds r.Ticket,
// an empty table with the target's structure, and fills it with the new rows;
// the change is made of it by one atomic statement. A run that lost its hold
// finds its ticket gone and can change nothing any more. Releasing the hold
// removes the ticket.
func Incremental(r Request) Plan {
	if r.Spec.OnSchemaChange == "ignore" && !r.hasDefaults() {
		return r.stage(changes{}, r.Existing.insertable())
	}
	return Plan{
		Then: &Probe{
			SQL: describe(r.SQL),
			Next: func(a Answer) (Plan, error) {
				c, columns, err := r.compare(a.Rows)
				if err != nil {
					return Plan{}, err
				}
				return r.stage(c, columns), nil
			},
		},
	}
}

// hasDefaults says whether the query may leave columns away.
func (r Request) hasDefaults() bool {
	return slices.ContainsFunc(r.Existing.Columns, func(c Column) bool { return c.Default == "DEFAULT" })
}

// describe asks for a query's columns: name, type and more.
func describe(sql string) string {
	return "DESCRIBE TABLE (\n" + sql + "\n)"
}

// stage fills the ticket with what the query gives, by column names.
func (r Request) stage(c changes, columns []Column) Plan {
	d := r.dialect()
	var steps []Step
	if actions := c.actions(r.Spec); len(actions) > 0 {
		steps = append(steps, step(Aside, d.alter(r.Ticket, actions...)))
	}
	steps = append(steps, r.fill(r.Ticket, columns, r.SQL))
	return Plan{Steps: steps, Then: r.apply(c)}
}

// fill inserts what a query gives into those columns.
func (r Request) fill(into project.Relation, columns []Column, sql string) Step {
	list := columnList(columns)
	return r.main(fmt.Sprintf("INSERT INTO %s (%s)\nSELECT %s FROM (\n%s\n)", Quote(into), list, list, sql))
}

// apply decides how the staged rows get into the target.
func (r Request) apply(c changes) *Probe {
	switch {
	case !r.Existing.MergeTree():
		return &Probe{Next: func(Answer) (Plan, error) { return r.copyOver(c), nil }}
	case r.Spec.Strategy == "append":
		return &Probe{SQL: r.stagedParts(), Next: func(a Answer) (Plan, error) { return r.append(c, a.Strings()[0]), nil }}
	case r.Spec.Strategy == "insert_overwrite":
		return &Probe{SQL: r.stagedPartitions(), Next: func(a Answer) (Plan, error) { return r.overwrite(c, a.Strings()), nil }}
	}
	return &Probe{SQL: r.touchedPartitions(), Next: func(a Answer) (Plan, error) { return r.deleteInsert(c, a.Strings()), nil }}
}

// append attaches the staged rows. One part is attached by one rename, so that
// readers and whoever comes after a crash find all of it or nothing; several
// go in by a clone, unless sinks write to the target and would miss it.
func (r Request) append(c changes, parts string) Plan {
	d := r.dialect()
	actions := c.actions(r.Spec)
	switch {
	case r.Spec.Keep && len(actions) > 0:
		return Plan{Steps: []Step{step(Swap, d.alter(r.Target, actions...)), r.attach()}}
	case len(actions) > 0:
		return r.viaClone(c, removal{}, r.Ticket)
	case parts == "0":
		return Plan{}
	case parts == "1" || r.Spec.Keep || len(r.Existing.Dependents) > 0:
		return Plan{Steps: []Step{r.attach()}}
	}
	return r.viaClone(c, removal{}, r.Ticket)
}

func (r Request) stagedParts() string {
	return fmt.Sprintf("SELECT toString(count()) FROM system.parts WHERE %s AND active AND rows > 0", partsOf(r.Ticket))
}

// attach moves the staged rows into the target. Views that read from it only
// see inserts, so where there are such the rows are inserted.
func (r Request) attach() Step {
	d := r.dialect()
	if len(r.Existing.Dependents) > 0 {
		list := columnList(r.Existing.insertable())
		return Step{Role: Swap, SQL: fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", Quote(r.Target), list, list, Quote(r.Ticket))}
	}
	return Step{
		Role: Swap,
		SQL:  d.alter(r.Target, "ATTACH PARTITION ALL FROM "+Quote(r.Ticket)),
		Done: r.attached(),
	}
}

// attached asks whether parts of the ticket stand in the target: the batch's
// mark. Attached parts keep the hash of their files, and merged ones stay
// listed for minutes; parts from before the ticket's are of other batches.
func (r Request) attached() string {
	return fmt.Sprintf(`SELECT toUInt8(count() > 0) FROM system.parts WHERE %[1]s
AND hash_of_all_files IN (SELECT hash_of_all_files FROM system.parts WHERE %[2]s AND active)
AND modification_time >= (SELECT min(modification_time) FROM system.parts WHERE %[2]s AND active)`,
		partsOf(r.Target), partsOf(r.Ticket))
}

func partsOf(t project.Relation) string {
	return fmt.Sprintf("database = %s AND table = %s", warehouse.Literal(t.Schema), warehouse.Literal(t.Identifier))
}

func (r Request) stagedPartitions() string {
	return fmt.Sprintf("SELECT DISTINCT partition_id FROM system.parts WHERE %s AND active AND rows > 0 ORDER BY partition_id", partsOf(r.Ticket))
}

// overwrite replaces the partitions that have staged rows.
func (r Request) overwrite(c changes, partitions []string) Plan {
	if len(partitions) == 0 {
		return Plan{}
	}
	return r.viaClone(c, removal{whole: partitions}, r.Ticket)
}

// exchange swaps a changed copy of the target in; by then the ticket has been
// used, so a run that lost its hold fails before.
func (r Request) exchange(aside project.Relation) Step {
	s := step(Swap, r.dialect().exchange(aside, r.Target))
	if r.Existing.UUID != "" {
		s.Done = fmt.Sprintf("SELECT toUInt8(count() > 0) FROM system.tables WHERE database = %s AND name = %s AND toString(uuid) != %s",
			warehouse.Literal(r.Target.Schema), warehouse.Literal(r.Target.Identifier), warehouse.Literal(r.Existing.UUID))
	}
	return s
}

// copyOver is for engines without parts: the whole table is written again.
func (r Request) copyOver(c changes) Plan {
	d := r.dialect()
	list := columnList(c.after(r.Existing.insertable()))
	insert := fmt.Sprintf("INSERT INTO %%s (%s) SELECT %s FROM %s", list, list, Quote(r.Ticket))
	if r.Spec.Strategy == "append" && c.none() {
		return Plan{Steps: []Step{{Role: Swap, SQL: fmt.Sprintf(insert, Quote(r.Target))}}}
	}
	aside := r.Names.Temporary(r.Target)
	steps := []Step{step(Aside, d.createLike(aside, r.Target))}
	steps = append(steps, r.keepRest(aside, r.matching()))
	steps = append(steps, c.alter(d, aside, r.Spec)...)
	steps = append(steps, step(Aside, fmt.Sprintf(insert, Quote(aside))), r.exchange(aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}
