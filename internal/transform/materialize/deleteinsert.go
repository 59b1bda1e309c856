package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
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

// deleteInsert replaces rows by key.
func (r Request) deleteInsert(c changes, partitions []string) Plan {
	if len(partitions) == 0 && c.none() {
		return Plan{}
	}
	return r.viaClone(c, removal{matching: r.matching(), within: partitions}, r.Ticket)
}

// removal says which rows of the target go.
type removal struct {
	whole    []string // partitions that go as they are
	matching string   // "" for no more
	within   []string // the partitions in which rows may match; nil: anywhere
}

// viaClone changes a clone of the target (which shares its parts) and swaps it
// in: rows that go, then columns, then the rows that come. A change in place
// would not do, be it of one partition: an engine that is killed in the middle
// of REPLACE PARTITION finds the replaced parts still on its disk, next to
// those that replace them, and takes up both; and several parts attached at
// once are renamed one by one. EXCHANGE is atomic.
func (r Request) viaClone(c changes, gone removal, from ...project.Relation) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	steps := r.remains(aside, gone)
	steps = append(steps, c.alter(d, aside, r.Spec)...)
	var attach []string
	for _, f := range from {
		attach = append(attach, "ATTACH PARTITION ALL FROM "+Quote(f))
	}
	steps = append(steps, step(Aside, d.alter(aside, attach...)), r.exchange(aside))
	return Plan{Steps: steps, Cleanup: []string{d.drop(aside)}}
}

// remains makes aside the target less what goes. Lightweight deletes are
// refused where there are projections: there the rows that stay are copied.
func (r Request) remains(aside project.Relation, gone removal) []Step {
	d := r.dialect()
	copied := gone.matching != "" && r.Existing.Projections
	if copied && gone.within == nil {
		return []Step{step(Aside, d.createLike(aside, r.Target)), r.keepRest(aside, gone.matching)}
	}
	steps := []Step{step(Aside, d.clone(aside, r.Target))}
	drop := gone.whole
	if copied {
		drop = append(drop[:len(drop):len(drop)], gone.within...)
	}
	if len(drop) > 0 {
		steps = append(steps, step(Aside, d.alter(aside, dropPartitions(drop)...)))
	}
	switch {
	case copied:
		steps = append(steps, r.keepRest(aside, gone.matching, "_partition_id IN ("+literals(gone.within)+")"))
	case gone.matching != "" && (gone.within == nil || len(gone.within) > 0):
		steps = append(steps, r.remove(aside, gone))
	}
	return steps
}

// remove deletes rows from a table that nobody else uses. One partition can be
// named, which spares the others the look.
func (r Request) remove(from project.Relation, gone removal) Step {
	in := ""
	if len(gone.within) == 1 {
		in = " IN PARTITION ID " + warehouse.Literal(gone.within[0])
	}
	return Step{
		Role:     Aside,
		SQL:      fmt.Sprintf("DELETE FROM %s%s%s WHERE %s", Quote(from), r.dialect().on(), in, gone.matching),
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

func dropPartitions(ids []string) []string {
	actions := make([]string, len(ids))
	for i, id := range ids {
		actions[i] = "DROP PARTITION ID " + warehouse.Literal(id)
	}
	return actions
}

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = warehouse.Literal(v)
	}
	return strings.Join(quoted, ", ")
}
