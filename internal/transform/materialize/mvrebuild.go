package materialize

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

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

// rebuildFrom makes the views. By the cut they have to stand and every insert
// that does not see them has to have ended, since long ones stamp their blocks
// one by one. Where that takes longer the cut is tried again further ahead.
func (r Request) rebuildFrom(cut string, ahead time.Duration, feeds []Feed) (Plan, error) {
	const longest = 10 * time.Minute
	var c cutover
	moment := instant(cut)
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
			return Plan{}, fmt.Errorf("an insert into the view's source has been running for more than %s\n  rebuild the view when it has ended", ahead/4)
		}
		return r.beginAgain(c, ahead, feeds), nil
	}}
	stand := &Probe{SQL: "SELECT toString(now64(6, 'UTC'))", Next: func(a Answer) (Plan, error) {
		p := Plan{Then: inTime}
		for _, f := range feeds {
			p.Steps = append(p.Steps, step(Wait, fmt.Sprintf("SELECT toUInt8(now64(6) >= %s OR %s)", moment, noInsert(instant(a.Rows[0][0]), f.Source))))
		}
		return p, nil
	}}
	return Plan{Steps: c.create, Then: stand, Cleanup: c.cleanup}, nil
}

// beginAgain removes the views and, once no insert can see them any more, what
// they have written after a cut that passed too soon.
func (r Request) beginAgain(c cutover, ahead time.Duration, feeds []Feed) Plan {
	again := Plan{Then: &Probe{SQL: "SELECT toString(now64(6, 'UTC'))", Next: func(a Answer) (Plan, error) {
		p := r.rebuildAfter(ahead, feeds)
		for _, f := range feeds {
			p.Steps = append(p.Steps, step(Wait, fmt.Sprintf("SELECT toUInt8(%s)", noInsert(instant(a.Rows[0][0]), f.Source))))
		}
		p.Steps = append(p.Steps, step(Aside, r.dialect().truncate(r.Ticket)))
		return p, nil
	}}}
	for _, sql := range c.cleanup {
		again.Steps = append(again.Steps, step(Aside, sql))
	}
	return again
}

// instant is a time that the server has printed, in UTC.
func instant(text string) string { return fmt.Sprintf("toDateTime64('%s', 6, 'UTC')", text) }

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
	return fmt.Sprintf("SELECT toUInt8(now64(6) > %s AND %s)", moment, noInsert(moment, into))
}

// noInsert is the condition that no insert into a table which began before a
// moment is running.
func noInsert(moment string, into project.Relation) string {
	pattern := `(?is)^\s*insert\s+into\s+(table\s+)?[^\s(]*` + regexp.QuoteMeta(into.Identifier)
	return fmt.Sprintf("(SELECT count() FROM system.processes WHERE match(query, %s) AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= %s) = 0",
		literal(pattern), moment)
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
