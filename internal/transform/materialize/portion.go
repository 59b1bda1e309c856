package materialize

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// OpenStage plans an empty table for slices that are put in place together. It
// is made after the ticket, so that a run that lost its hold cannot make it.
func OpenStage(r Request, stage project.Relation) Plan {
	return Plan{Steps: []Step{step(Aside, r.dialect().createLike(stage, r.Ticket))}}
}

// FillStage plans one query of a backfill into a stage. Of what the query
// gives only rows within the slice are taken; nil takes all.
func FillStage(r Request, stage project.Relation, within *Slice) Plan {
	if within != nil {
		r.SQL = fmt.Sprintf("SELECT * FROM (\n%s\n) WHERE %s", r.SQL, r.bounds(*within))
	}
	return Plan{Steps: []Step{r.fill(stage, r.Existing.insertable(), r.SQL)}}
}

// bounds is the condition that the event time lies in a slice.
func (r Request) bounds(s Slice) string {
	column := warehouse.Ident(r.Spec.EventTime)
	return fmt.Sprintf("%s >= %s AND %s < %s", column, r.instant(s.Start), column, r.instant(s.End))
}

// CommitKeys plans the replacement of what is rebuilt by key: the rows of the
// staged keys, wherever in time they lie, and all others of the slice, whose
// keys give no rows any more. Partitions of which nothing is left are dropped
// rather than deleted from.
func CommitKeys(r Request, s Staged, key string) Plan {
	column := warehouse.Ident(key)
	gone := removal{matching: fmt.Sprintf("((%s) OR %s IN (SELECT %s FROM %s))", r.bounds(s.Slice), column, column, Quote(s.Table))}
	if !r.Existing.MergeTree() {
		return r.slicesByCopy(gone.matching, []project.Relation{s.Table})
	}
	ask := fmt.Sprintf("SELECT _partition_id, toString(countIf(%s) AS matching), toString(count()) FROM %s GROUP BY _partition_id HAVING matching > 0 ORDER BY _partition_id",
		gone.matching, Quote(r.Target))
	return Plan{Then: &Probe{SQL: ask, Next: func(a Answer) (Plan, error) {
		gone.within = []string{}
		for _, row := range a.Rows {
			matching, err1 := strconv.ParseUint(row[1], 10, 64)
			all, err2 := strconv.ParseUint(row[2], 10, 64)
			if err1 != nil || err2 != nil {
				return Plan{}, fmt.Errorf("count the rows to replace in %s: got %s", Quote(r.Target), strings.Join(row, ", "))
			}
			if matching == all {
				gone.whole = append(gone.whole, row[0])
			} else {
				gone.within = append(gone.within, row[0])
			}
		}
		return r.viaClone(changes{}, gone, s.Table), nil
	}}}
}
