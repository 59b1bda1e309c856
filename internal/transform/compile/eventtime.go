package compile

import (
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// eventTimeFilter is the condition that keeps, of an upstream n, the rows of
// the batch that is being compiled; "" when n has no event_time or this node
// is not run in batches.
func (s *scope) eventTimeFilter(n *project.Node) string {
	b := s.run.batch
	if b == nil || !b.Range && !isMicrobatch(s.node) {
		return ""
	}
	field, _ := n.Config.Values["event_time"].(string)
	if field == "" {
		return ""
	}
	for _, c := range n.Columns {
		if c.Name == field && c.Quote != nil && *c.Quote {
			field = `"` + field + `"`
			break
		}
	}
	var from, to string
	if !b.Start.IsZero() {
		from = field + " >= " + b.instant(b.Start)
	}
	if !b.End.IsZero() {
		to = field + " < " + b.instant(b.End)
	}
	if from != "" && to != "" {
		return from + " and " + to
	}
	return from + to
}

// instant prints a bound. With a zone it is compared as a moment, also with
// days, which begin there.
func (b *Batch) instant(t time.Time) string {
	if b.Zone == nil {
		return "'" + t.UTC().Format(time.DateTime) + "'"
	}
	return warehouse.Instant(t, b.Zone)
}

func isMicrobatch(n *project.Node) bool {
	if n == nil || n.Config.Materialized != "incremental" {
		return false
	}
	return n.Config.Values["incremental_strategy"] == "microbatch"
}

// batchFormats are dbt's layouts of a batch's start, by batch_size.
var batchFormats = map[string]string{"hour": "2006-01-02T15", "day": "2006-01-02", "month": "2006-01", "year": "2006"}

// name is the batch's start as file names have it.
func (b *Batch) name(n *project.Node) string {
	size, _ := n.Config.Values["batch_size"].(string)
	layout, ok := batchFormats[size]
	if !ok {
		layout = batchFormats["hour"]
	}
	return b.Start.UTC().Format(layout)
}

// id is dbt's id of a batch: its start without dashes.
func (b *Batch) id(n *project.Node) string {
	if b.ID != "" {
		return b.ID
	}
	return strings.ReplaceAll(b.name(n), "-", "")
}

// object is what templates see as model.batch.
func (b *Batch) object(n *project.Node) object {
	return object{{"id", b.id(n)}, {"event_time_start", b.Start.UTC()}, {"event_time_end", b.End.UTC()}}
}

// batchMembers is what an incremental run of a batch sees: its table exists by
// definition, and no batch refreshes it whole. A slice of a backfill is what a
// full build would give, so to a model that is not built in batches it says
// that nothing is there.
func batchMembers(n *project.Node, b *Batch) map[string]jinja.Value {
	micro := isMicrobatch(n)
	if b.Fresh || !micro && !b.Range {
		return nil
	}
	answer := func(name string, v bool) jinja.Value {
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Bool(v), nil })
	}
	return map[string]jinja.Value{
		"is_incremental": answer("is_incremental", micro), "should_full_refresh": answer("should_full_refresh", false),
	}
}

func timeOrNone(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
