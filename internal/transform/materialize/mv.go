package materialize

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/project"
)

// Feed is one materialized view that feeds a model's table.
type Feed struct {
	Name project.Relation
	SQL  string
	// There says that the view stands in the warehouse.
	There bool
	// Source is the relation whose inserts feed the view.
	Source project.Relation
}

var (
	feedBegin     = lazyregexp.New(`--\s?([^:\s]+):begin`)
	externalTable = lazyregexp.New(`(?m)--\s*materialization_target_table:\s*(.+?)\s*$`)
)

// Feeds finds the views of a materialized_view model: <model>_mv, or one for
// each pair of --name:begin and --name:end.
func Feeds(target project.Relation, sql string) ([]Feed, error) {
	marks := feedBegin().FindAllStringSubmatchIndex(sql, -1)
	if marks == nil {
		return []Feed{{Name: suffixed(target, "mv"), SQL: sql}}, nil
	}
	var feeds []Feed
	for _, m := range marks {
		name := sql[m[2]:m[3]]
		end := regexp.MustCompile(`--\s?` + regexp.QuoteMeta(name) + `:end`).FindStringIndex(sql[m[1]:])
		if end == nil {
			return nil, fmt.Errorf("--%s:begin has no --%s:end", name, name)
		}
		feeds = append(feeds, Feed{Name: suffixed(target, name), SQL: strings.TrimSpace(sql[m[1] : m[1]+end[0]])})
	}
	return feeds, nil
}

func suffixed(r project.Relation, suffix string) project.Relation {
	return project.Relation{Schema: r.Schema, Identifier: r.Identifier + "_" + suffix}
}

// ExternalTarget finds the existing table that a materialized_view model
// writes to, as materialization_target_table() prints it; "" for its own.
func ExternalTarget(sql string) string {
	if m := externalTable().FindStringSubmatch(sql); m != nil {
		return m[1]
	}
	return ""
}

// refresh gives the clause of a refreshable view, "" for one that follows
// inserts.
func (s Spec) refresh() string {
	r := reader{values: s.Refreshable}
	if len(s.Refreshable) == 0 {
		return ""
	}
	clause := " REFRESH " + r.text("interval", "")
	if randomize := r.text("randomize", ""); randomize != "" {
		clause += " RANDOMIZE FOR " + randomize
	}
	if on := r.list("depends_on"); len(on) > 0 {
		clause += " DEPENDS ON " + strings.Join(on, ", ")
	}
	if r.boolean("append", false) {
		clause += " APPEND"
	}
	return clause
}

func (r Request) createFeed(name project.Relation, to, sql string) Step {
	return step(Aside, fmt.Sprintf("CREATE MATERIALIZED VIEW %s%s%s\nTO %s\nAS %s", Quote(name), r.dialect().on(), r.Spec.refresh(), to, sql))
}

func (r Request) modifyFeed(name project.Relation, sql string) []Step {
	d := r.dialect()
	var steps []Step
	if clause := r.Spec.refresh(); clause != "" {
		steps = append(steps, step(Swap, d.alter(name, "MODIFY"+clause)))
	}
	return append(steps, step(Swap, d.alter(name, "MODIFY QUERY "+sql)))
}

// UpdateFeeds plans a run over a materialized_view model that is there: its
// table stays, and its views get the model's query.
func UpdateFeeds(r Request, feeds []Feed) Plan {
	work := func(c changes) Plan {
		steps := c.alter(r.dialect(), r.Target, r.Spec)
		for _, f := range feeds {
			if f.There {
				steps = append(steps, r.modifyFeed(f.Name, f.SQL)...)
			} else {
				steps = append(steps, r.createFeed(f.Name, Quote(r.Target), f.SQL))
			}
		}
		return Plan{Steps: steps}
	}
	if r.Spec.OnSchemaChange == "ignore" {
		return work(changes{})
	}
	return Plan{Then: &Probe{SQL: describe(r.SQL), Next: func(a Answer) (Plan, error) {
		c, _, err := r.compare(a.Rows)
		return work(c), err
	}}}
}

// External plans a view that writes to a table of another model.
func External(r Request, to string, full bool) Plan {
	d := r.dialect()
	if r.Existing != nil && !full {
		return Plan{Steps: r.modifyFeed(r.Target, r.SQL)}
	}
	steps := []Step{step(Aside, d.drop(r.Target)), r.createFeed(r.Target, to, r.SQL)}
	if r.Spec.Catchup {
		steps = append(steps, r.catchup(to, r.SQL))
	}
	return Plan{Steps: steps}
}

// catchup inserts what a view would have written, by column names.
func (r Request) catchup(into, sql string) Step {
	return r.main(fmt.Sprintf("INSERT INTO %s\n%s", into, sql))
}

// RebuildBlind plans a rebuild where the source does not say when its rows
// came: rows that come between the catch-up and the views are not seen.
func RebuildBlind(r Request, feeds []Feed) Plan {
	d := r.dialect()
	var steps []Step
	if r.Spec.Catchup {
		for _, f := range feeds {
			steps = append(steps, r.catchup(Quote(r.Ticket), f.SQL))
		}
	}
	for _, f := range feeds {
		if f.There {
			steps = append(steps, step(Aside, d.drop(f.Name)))
		}
	}
	steps = append(steps, r.place(r.Ticket))
	for _, f := range feeds {
		steps = append(steps, r.createFeed(f.Name, Quote(r.Target), f.SQL))
	}
	return Plan{Steps: steps}
}
