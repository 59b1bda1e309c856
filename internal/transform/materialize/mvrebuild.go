package materialize

import (
	"fmt"
	"regexp"
	"slices"
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
// come through views of the new table. Then the tables change names, as handOver
// says; views write to names, so the old views now feed the new table. Where there
// was no table, the new one has its name from the beginning.
func Rebuild(r Request, feeds []Feed) Plan {
	var steps []Step
	if r.Existing == nil {
		// Without its views the table counts as unfinished for later runs.
		feeds = slices.Clone(feeds)
		for i := range feeds {
			if feeds[i].There { // its table has gone
				steps = append(steps, step(Aside, r.dialect().drop(feeds[i].Name)))
			}
			feeds[i].There = false
		}
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
	create, backfill []Step
	cleanup          []string
	routes           []route
}

// route is how rows reach the table from one source during a rebuild.
type route struct {
	Feed
	cut         string           // from here on they come through aside
	aside, live project.Relation // views of what is now the new table, and of the old one
}

// rebuildFrom makes the views. By the cut they have to stand and every insert
// that does not see them has to have ended, since long ones stamp their blocks
// one by one. Where that takes longer the cut is tried again further ahead.
func (r Request) rebuildFrom(cut string, ahead time.Duration, feeds []Feed) (Plan, error) {
	var c cutover
	moment := instant(cut)
	for _, f := range feeds {
		if err := r.cutOver(&c, f, moment); err != nil {
			return Plan{}, err
		}
	}
	inTime := func() (Plan, error) {
		p := Plan{Steps: append(awaitInserts(moment, feeds), c.backfill...)}
		if r.Existing == nil {
			p.Steps = append(p.Steps, r.settle(c)...)
		} else {
			p.Then = r.handOver(c, ahead, feeds)
		}
		return p, nil
	}
	again := func() (Plan, error) { return r.beginAgain(c, ahead, feeds) }
	return Plan{Steps: c.create, Then: endedBefore(moment, feeds, inTime, again), Cleanup: c.cleanup}, nil
}

// longest is how far ahead of a cut a rebuild is tried.
const longest = 10 * time.Minute

// beginAgain removes the views and, once no insert can see them any more, what
// they have written after a cut that passed too soon.
func (r Request) beginAgain(c cutover, ahead time.Duration, feeds []Feed) (Plan, error) {
	if ahead *= 4; ahead > longest {
		return Plan{}, fmt.Errorf("an insert into the view's source has been running for more than %s\n  rebuild the view when it has ended", ahead/4)
	}
	again := Plan{Then: &Probe{SQL: "SELECT toString(now64(6, 'UTC'))", Next: func(a Answer) (Plan, error) {
		p := r.rebuildAfter(ahead, feeds)
		for _, f := range feeds {
			p.Steps = append(p.Steps, step(Wait, fmt.Sprintf("SELECT toUInt8(%s)", noInsert(instant(a.Rows[0][0]), f.Source))))
		}
		p.Steps = append(p.Steps, step(Aside, r.dialect().truncate(r.building())))
		return p, nil
	}}}
	for _, sql := range c.cleanup {
		again.Steps = append(again.Steps, step(Aside, sql))
	}
	return again, nil
}

// instant is a time that the server has printed, in UTC.
func instant(text string) string { return fmt.Sprintf("toDateTime64('%s', 6, 'UTC')", text) }

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
	to := route{Feed: f, cut: moment, live: f.Name}
	view := func(into project.Relation) project.Relation {
		name := r.Names.Temporary(r.Target)
		c.create = append(c.create, r.createFeed(name, Quote(into), later))
		c.cleanup = append(c.cleanup, d.drop(name))
		return name
	}
	if r.Existing != nil {
		to.aside = view(r.Ticket)
	}
	if !f.There {
		to.live = view(r.Target)
	}
	if r.Spec.Catchup {
		c.backfill = append(c.backfill, r.catchup(Quote(r.building()), earlier))
	}
	c.routes = append(c.routes, to)
	return nil
}

// building is the name that the new table bears until the tables change names.
func (r Request) building() project.Relation {
	if r.Existing == nil {
		return r.Target
	}
	return r.Ticket
}

// settle takes the views for whole.
func (r Request) settle(c cutover) (steps []Step) {
	d := r.dialect()
	for _, to := range c.routes {
		steps = append(steps, step(Swap, d.alter(to.live, "MODIFY QUERY "+to.SQL)))
		if !to.There {
			steps = append(steps, step(Swap, d.rename(to.live, to.Name)))
		}
	}
	return steps
}

// awaitInserts waits until a moment has passed and all inserts that began before it
// have ended.
func awaitInserts(moment string, feeds []Feed) (steps []Step) {
	for _, f := range feeds {
		steps = append(steps, step(Wait, insertsEnded(moment, f.Source)))
	}
	return steps
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
		warehouse.Literal(pattern), moment)
}
