package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// matching is the condition of the target's rows that the staged ones replace.
func (r Request) matching() string {
	switch r.Spec.Strategy {
	case "insert_overwrite":
		return fmt.Sprintf("_partition_id IN (SELECT _partition_id FROM %s)", Quote(r.Ticket))
	case "delete_insert", "microbatch":
		parts := append([]string{fmt.Sprintf("%s IN (SELECT %s FROM %s)", r.Spec.key(), r.Spec.key(), Quote(r.Ticket))}, r.Spec.Predicates...)
		return strings.Join(parts, " AND ")
	}
	return ""
}

// touchedPartitions asks where rows are replaced and where they come to.
func (r Request) touchedPartitions() string {
	return fmt.Sprintf("SELECT DISTINCT p FROM (SELECT _partition_id AS p FROM %s WHERE %s UNION ALL SELECT _partition_id AS p FROM %s) ORDER BY p",
		Quote(r.Target), r.matching(), Quote(r.Ticket))
}

// deleteInsert replaces rows by key. A change of one partition is made beside
// it and put in place; one of several is made in a clone of the whole table,
// since only EXCHANGE shows several partitions at once.
func (r Request) deleteInsert(c changes, partitions []string) Plan {
	if len(partitions) == 0 && c.none() {
		return Plan{}
	}
	if len(partitions) != 1 || !c.none() {
		return r.viaClone(c, r.matching(), partitions)
	}
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	steps := append([]Step{step(Aside, d.createLike(aside, r.Ticket))}, r.without(aside, partitions[0], r.matching())...)
	steps = append(steps,
		step(Aside, d.alter(aside, attachFrom(r.Ticket, partitions[0]))),
		r.replacePartition(partitions[0], aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}

// without fills aside with one partition of the target less the rows that
// match. Lightweight deletes are refused where there are projections: there
// the rows that stay are copied.
func (r Request) without(aside project.Relation, partition, matching string) []Step {
	d := r.dialect()
	if r.Existing.Projections {
		return []Step{r.keepRest(aside, matching, fmt.Sprintf("_partition_id = %s", literal(partition)))}
	}
	return []Step{
		step(Aside, d.alter(aside, attachFrom(r.Target, partition))),
		r.remove(aside, matching),
	}
}

// remove deletes rows from a table that nobody else uses.
func (r Request) remove(from project.Relation, matching string) Step {
	return Step{
		Role:     Aside,
		SQL:      fmt.Sprintf("DELETE FROM %s%s WHERE %s", Quote(from), r.dialect().on(), matching),
		Settings: map[string]any{"lightweight_deletes_sync": 2, "allow_nondeterministic_mutations": 1},
	}
}

// keepRest copies the target's rows that do not match. A comparison with NULL
// does not match.
func (r Request) keepRest(into project.Relation, matching string, also ...string) Step {
	list := columnList(r.Existing.insertable())
	where := also
	if matching != "" {
		where = append(where, fmt.Sprintf("NOT ifNull(%s, 0)", "("+matching+")"))
	}
	text := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", Quote(into), list, list, Quote(r.Target))
	if len(where) > 0 {
		text += " WHERE " + strings.Join(where, " AND ")
	}
	return step(Aside, text)
}

// viaClone changes a clone of the target (which shares its parts) and swaps
// it in: columns first, then the rows that go, then those that come.
func (r Request) viaClone(c changes, matching string, partitions []string) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	steps := []Step{step(Aside, d.clone(aside, r.Target))}
	switch {
	case matching == "" || len(partitions) == 0:
	case r.Existing.Projections:
		var drops, ids []string
		for _, p := range partitions {
			drops = append(drops, "DROP PARTITION ID "+literal(p))
			ids = append(ids, literal(p))
		}
		steps = append(steps, step(Aside, d.alter(aside, drops...)),
			r.keepRest(aside, matching, fmt.Sprintf("_partition_id IN (%s)", strings.Join(ids, ", "))))
	default:
		steps = append(steps, r.remove(aside, matching))
	}
	steps = append(steps, c.alter(d, aside, r.Spec)...)
	steps = append(steps, step(Aside, d.alter(aside, "ATTACH PARTITION ALL FROM "+Quote(r.Ticket))), r.exchange(aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}

// replacePartition puts a partition in place. ClickHouse refuses to replace
// by nothing (code 36): then the partition is dropped.
func (r Request) replacePartition(partition string, from project.Relation) Step {
	const badArguments = 36
	d := r.dialect()
	return Step{
		Role: Swap,
		SQL:  d.alter(r.Target, fmt.Sprintf("REPLACE PARTITION ID %s FROM %s", literal(partition), Quote(from))),
		Or:   map[int]string{badArguments: d.alter(r.Target, "DROP PARTITION ID "+literal(partition))},
	}
}

func attachFrom(from project.Relation, partition string) string {
	return fmt.Sprintf("ATTACH PARTITION ID %s FROM %s", literal(partition), Quote(from))
}
