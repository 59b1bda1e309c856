package materialize

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
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
	feedBegin     = regexp.MustCompile(`--\s?([^:\s]+):begin`)
	externalTable = regexp.MustCompile(`(?m)--\s*materialization_target_table:\s*(.+?)\s*$`)
)

// Feeds finds the views of a materialized_view model: <model>_mv, or one for
// each pair of --name:begin and --name:end.
func Feeds(target project.Relation, sql string) ([]Feed, error) {
	marks := feedBegin.FindAllStringSubmatchIndex(sql, -1)
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
	if m := externalTable.FindStringSubmatch(sql); m != nil {
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

// IngestedAt is the column by which rows say when they were inserted.
const IngestedAt = "ingested_at"

// TellsIngestion says whether a source stamps its rows on insert.
func TellsIngestion(f *Found) bool {
	if f == nil {
		return false
	}
	for _, c := range f.Columns {
		if c.Name == IngestedAt && strings.HasPrefix(c.Type, "DateTime64(6") && c.Default == "DEFAULT" {
			return true
		}
	}
	return false
}

// soon is how far ahead the first cut is tried. It is too soon for a server
// that is busy, which then gets more time.
const soon = 100 * time.Millisecond

// Rebuild plans a rebuild that misses no row and takes none twice while
// others insert. Rows before a cut in the near future are backfilled once it
// has passed and every insert begun before it has ended; rows from the cut on
// come through views of the new table. Then the tables change names; views
// write to names, so the old views now feed the new table.
func Rebuild(r Request, feeds []Feed) Plan {
	var steps []Step
	if r.Existing == nil {
		// Without its views the table counts as unfinished for later runs.
		steps = append(steps, step(Aside, r.dialect().createLike(r.Target, r.Ticket)))
	}
	plan := r.rebuildAfter(soon, feeds)
	plan.Steps = steps
	return plan
}

// rebuildAfter plans the rebuild with a cut so far in the future.
func (r Request) rebuildAfter(ahead time.Duration, feeds []Feed) Plan {
	return Plan{Then: &Probe{
		SQL:  fmt.Sprintf("SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(%d))", ahead.Milliseconds()),
		Next: func(a Answer) (Plan, error) { return r.rebuildFrom(a.Rows[0][0], ahead, feeds) },
	}}
}

// cutover is the statements of a rebuild by their place in it.
type cutover struct {
	create, wait, backfill, finish []Step
	cleanup                        []string
}

// rebuildFrom makes the views, which have to stand before the cut; a server
// that was too slow gets more time.
func (r Request) rebuildFrom(cut string, ahead time.Duration, feeds []Feed) (Plan, error) {
	const longest = time.Minute
	var c cutover
	moment := fmt.Sprintf("toDateTime64('%s', 6, 'UTC')", cut)
	for _, f := range feeds {
		if err := r.cutOver(&c, f, moment); err != nil {
			return Plan{}, err
		}
	}
	inTime := &Probe{SQL: fmt.Sprintf("SELECT toUInt8(now64(6) < %s)", moment), Next: func(a Answer) (Plan, error) {
		if a.Rows[0][0] == "1" {
			return r.switchOver(c), nil
		}
		if ahead *= 4; ahead > longest {
			return Plan{}, fmt.Errorf("the server needs more than %s to make a view", longest/4)
		}
		again := r.rebuildAfter(ahead, feeds)
		for _, sql := range c.cleanup {
			again.Steps = append(again.Steps, step(Aside, sql))
		}
		return again, nil
	}}
	return Plan{Steps: c.create, Then: inTime, Cleanup: c.cleanup}, nil
}

func (r Request) switchOver(c cutover) Plan {
	steps := append(c.wait, c.backfill...)
	steps = append(steps, step(Swap, r.dialect().exchange(r.Ticket, r.Target)))
	return Plan{Steps: append(steps, c.finish...)}
}

// cutOver adds what one view needs. A view that is not there yet bears a
// temporary name until all is done, so that later runs see it as missing.
func (r Request) cutOver(c *cutover, f Feed, moment string) error {
	d := r.dialect()
	later, err := filtered(f.SQL, f.Source, IngestedAt+" >= "+moment)
	if err != nil {
		return err
	}
	earlier, err := filtered(f.SQL, f.Source, IngestedAt+" < "+moment)
	if err != nil {
		return err
	}
	aside, live := r.Names.Temporary(r.Target), f.Name
	c.create = append(c.create, r.createFeed(aside, Quote(r.Ticket), later))
	c.cleanup = append(c.cleanup, d.drop(aside))
	if !f.There {
		live = r.Names.Temporary(r.Target)
		c.create = append(c.create, r.createFeed(live, Quote(r.Target), later))
		c.cleanup = append(c.cleanup, d.drop(live))
	}
	c.wait = append(c.wait, step(Wait, insertsEnded(moment, f.Source)))
	if r.Spec.Catchup {
		c.backfill = append(c.backfill, r.catchup(Quote(r.Ticket), earlier))
	}
	c.finish = append(c.finish, step(Swap, d.alter(live, "MODIFY QUERY "+f.SQL)))
	if !f.There {
		c.finish = append(c.finish, step(Swap, d.rename(live, f.Name)))
	}
	return nil
}

// insertsEnded asks whether a moment has passed and no insert into a table
// that began before it is still running.
func insertsEnded(moment string, into project.Relation) string {
	pattern := `(?is)^\s*insert\s+into\s+(table\s+)?[^\s(]*` + regexp.QuoteMeta(into.Identifier)
	return fmt.Sprintf("SELECT toUInt8(now64(6) > %[1]s AND (SELECT count() FROM system.processes WHERE match(query, %[2]s) AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= %[1]s) = 0)",
		moment, literal(pattern))
}

// Reads finds where a query first reads a relation, as the place of its name
// in the text; nil where it does not. What a dot follows is a column's name.
func Reads(sql string, source project.Relation) []int {
	part := func(name, before, after string) string {
		return fmt.Sprintf("(?:%s|%s%s%s)", regexp.QuoteMeta(warehouse.Ident(name)), before, regexp.QuoteMeta(name), after)
	}
	names := regexp.MustCompile(part(source.Schema, `\b`, "") + `\.` + part(source.Identifier, "", `\b`))
	for _, at := range names.FindAllStringIndex(sql, -1) {
		if !strings.HasPrefix(sql[at[1]:], ".") {
			return at
		}
	}
	return nil
}

// filtered puts a condition on the source where a query first reads it.
func filtered(sql string, source project.Relation, condition string) (string, error) {
	at := Reads(sql, source)
	if at == nil {
		return "", fmt.Errorf("the query does not name %s, from which its view is fed", Quote(source))
	}
	inner := fmt.Sprintf("(SELECT * FROM %s WHERE %s)", Quote(source), condition)
	if !aliased(sql[at[1]:]) {
		inner += " AS " + warehouse.Ident(source.Identifier)
	}
	return sql[:at[0]] + inner + sql[at[1]:], nil
}

var nextWord = regexp.MustCompile("^\\s+[`\"]?(\\w+)")

// aliased says whether what follows a table begins with an alias.
func aliased(rest string) bool {
	m := nextWord.FindStringSubmatch(rest)
	if m == nil {
		return false
	}
	switch strings.ToUpper(m[1]) {
	case "WHERE", "PREWHERE", "GROUP", "ORDER", "LIMIT", "SETTINGS", "HAVING", "UNION", "ARRAY", "JOIN", "LEFT",
		"RIGHT", "INNER", "ANY", "ALL", "ASOF", "CROSS", "GLOBAL", "SAMPLE", "FINAL", "WINDOW", "QUALIFY", "OFFSET":
		return false
	}
	return true
}
