package materialize

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// An insert looks up one view's table after the other. One that begins while two
// tables change names may find both under the names from before, both under those
// from after, or one of each: then its rows are in one table twice and in the other
// not at all (found in 4 of 1,500 changes under three writers). So no view takes the
// rows of a window in time, within which the names change; they are inserted once it
// has passed, and readers see them that much later.

// leastWindow is how long the window is at least: the server is busy.
const leastWindow = 500 * time.Millisecond

// unfinished is a condition that is never true, by its mark, in the query of a view that
// leaves out a window. A run that finds the mark knows that a rebuild has died there.
const (
	unfinished     = "'" + unfinishedMark + "' = ''"
	unfinishedMark = "tiendi: rebuild unfinished"
)

// FeedIsWhole says whether a view stands and leaves out nothing.
func FeedIsWhole(ctx context.Context, w Warehouse, name project.Relation) (bool, error) {
	rows, err := queryStrings(ctx, w, fmt.Sprintf(
		"SELECT toString(count()) FROM system.tables WHERE database = %s AND name = %s AND position(create_table_query, %s) = 0",
		warehouse.Literal(name.Schema), warehouse.Literal(name.Identifier), warehouse.Literal(unfinishedMark)))
	return err == nil && rows[0][0] == "1", err
}

// window is a time in which no view takes rows, as two instants of the server's.
type window struct{ from, to string }

func (w window) outside() string {
	return fmt.Sprintf("(%s < %s OR %s >= %s)", IngestedAt, w.from, IngestedAt, w.to)
}

func (w window) inside() string {
	return fmt.Sprintf("%s >= %s AND %s < %s", IngestedAt, w.from, IngestedAt, w.to)
}

// handOver plans the change of names, in a window that begins so far ahead.
func (r Request) handOver(c cutover, ahead time.Duration, feeds []Feed) *Probe {
	ahead = max(ahead, leastWindow)
	return &Probe{
		SQL: fmt.Sprintf("SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(%d)), toString(now64(6, 'UTC') + toIntervalMillisecond(%d))",
			ahead.Milliseconds(), 2*ahead.Milliseconds()),
		Next: func(a Answer) (Plan, error) {
			w := window{instant(a.Rows[0][0]), instant(a.Rows[0][1])}
			return r.handOverIn(w, c, ahead, feeds)
		},
	}
}

// handOverIn has the views leave the window out, which every insert has to know that
// goes on into it; changes the names when all inserts have ended that began before the
// window; and sees to it that none of those that are under way then goes on beyond the
// window. What takes longer is begun again further ahead.
func (r Request) handOverIn(w window, c cutover, ahead time.Duration, feeds []Feed) (Plan, error) {
	leave, err := r.leaveOut(w, c)
	if err != nil {
		return Plan{}, err
	}
	finish, err := r.finish(w, c, feeds)
	if err != nil {
		return Plan{}, err
	}
	again := func() (Plan, error) { return r.beginAgain(c, ahead, feeds) }
	finishing := func() (Plan, error) { return Plan{Steps: finish}, nil }
	swapping := func() (Plan, error) {
		return Plan{
			Steps: append(awaitInserts(w.from, feeds), step(Swap, r.dialect().exchange(r.Ticket, r.Target))),
			Then:  endedBefore(w.to, feeds, finishing, again),
		}, nil
	}
	return Plan{Steps: leave, Then: endedBefore(w.from, feeds, swapping, again)}, nil
}

// endedBefore goes on in one way if all inserts that have begun by now end before a
// moment, and in another if they do not.
func endedBefore(moment string, feeds []Feed, yes, no func() (Plan, error)) *Probe {
	inTime := &Probe{SQL: fmt.Sprintf("SELECT toUInt8(now64(6) < %s)", moment), Next: func(a Answer) (Plan, error) {
		if a.Rows[0][0] == "1" {
			return yes()
		}
		return no()
	}}
	return &Probe{SQL: "SELECT toString(now64(6, 'UTC'))", Next: func(a Answer) (Plan, error) {
		p := Plan{Then: inTime}
		for _, f := range feeds {
			p.Steps = append(p.Steps, step(Wait, fmt.Sprintf("SELECT toUInt8(now64(6) >= %s OR %s)", moment, noInsert(instant(a.Rows[0][0]), f.Source))))
		}
		return p, nil
	}}
}

// leaveOut has all views leave out the window.
func (r Request) leaveOut(w window, c cutover) (steps []Step, err error) {
	for _, to := range c.routes {
		aside, err := filtered(to.SQL, to.Source, IngestedAt+" >= "+to.cut+" AND "+w.outside())
		if err != nil {
			return nil, err
		}
		live, err := filtered(to.SQL, to.Source, "("+w.outside()+" OR "+unfinished+")")
		if err != nil {
			return nil, err
		}
		d := r.dialect()
		steps = append(steps, step(Swap, d.alter(to.aside, "MODIFY QUERY "+aside)), step(Swap, d.alter(to.live, "MODIFY QUERY "+live)))
	}
	return steps, nil
}

// finish inserts the window's rows once no more can come, and takes the views for
// whole.
func (r Request) finish(w window, c cutover, feeds []Feed) ([]Step, error) {
	steps := awaitInserts(w.to, feeds)
	for _, to := range c.routes {
		rows, err := filtered(to.SQL, to.Source, w.inside())
		if err != nil {
			return nil, err
		}
		steps = append(steps, r.catchup(Quote(r.Target), rows))
	}
	return append(steps, r.settle(c)...), nil
}
