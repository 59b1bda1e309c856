package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/spelling"
)

// Place is a side of a comparison: a table, and the layer that it is in.
type Place struct {
	Layer string `json:"layer"`
	Name  string `json:"name"`
}

// The layers, in the order in which data go through them.
const (
	Source  = "source"
	Archive = "archive"
	Raw     = "raw"
	Staging = "staging"
	Marts   = "marts"
)

// Query is a statement whose rows are a day (YYYY-MM-DD) and figures, all of them text.
type Query struct {
	OnSource bool // it is for PostgreSQL, otherwise for the warehouse
	SQL      string
}

// Check is one comparison, by day. What From has is what To should have.
type Check struct {
	Table   string // what is compared: orders, events, …
	From    Place
	To      Place
	Figures []string
	// Queries are one for each side or, where the sides are counted together, a single
	// one whose rows have From's figures and then To's.
	Queries []Query
	// Advice says what to do; {from} and {to} are the first day that differs and the
	// day after the last.
	Advice string
}

// Shape is what there is to compare.
type Shape struct {
	From, To time.Time // starts of days in Zone
	Zone     *time.Location
	Now      time.Time
	Begins   DayStart
	// Relations are the tables of the warehouse by the names of their models, as SQL.
	Relations map[string]string
	Source    map[string]SourceTable // the shop's tables that are mirrored; nil for none
	AsOf      uint64                 // place in PostgreSQL's log of what Source holds (LSN)
	Archive   *Archived              // nil without an archive
	// Cancelled and Sold are the project's cancelled_statuses and sold_statuses.
	Cancelled, Sold []string
	TTLYears        int // raw events expire then; 0 for never
}

// Tables are what can be compared.
func Tables() []string {
	names := []string{"events"}
	for _, t := range shopTables {
		names = append(names, t.name)
	}
	return names
}

// CheckTables refuses names that are none of Tables.
func CheckTables(only []string) error {
	for _, name := range only {
		if !slices.Contains(Tables(), name) {
			return fmt.Errorf("-s %s: there is no such table to compare\n  %s", name, spelling.Suggest(name, Tables()))
		}
	}
	return nil
}

// Plan says what is compared of the tables, nil for all, and what cannot be.
func Plan(s *Shape, only []string) (checks []Check, notes []string) {
	wanted := func(table string) bool { return len(only) == 0 || slices.Contains(only, table) }
	p := &planner{Shape: s}
	if wanted("events") {
		p.events()
	}
	for i := range shopTables {
		if t := &shopTables[i]; wanted(t.name) {
			p.mirrored(t)
			p.staged(t)
		}
	}
	if wanted("orders") {
		p.sales()
	}
	return p.checks, p.notes
}

// planner gathers checks.
type planner struct {
	*Shape
	checks []Check
	notes  []string
}

// has says whether all of the models are in the warehouse, and notes it where not.
func (p *planner) has(models ...string) bool {
	for _, m := range models {
		if p.Relations[m] == "" {
			if note := m + " is not there: nothing is compared with it"; !slices.Contains(p.notes, note) {
				p.notes = append(p.notes, note)
			}
			return false
		}
	}
	return true
}

func (p *planner) add(c Check) { p.checks = append(p.checks, c) }

// What is to be done about a difference.
const (
	lookAtStream = "tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; " +
		"if neither explains it, tiendi cdc --snapshot reads the tables again"
	backfillOf = "tiendi backfill --from {from} --to {to} -s %s+"
	runOf      = "tiendi run -s %s+"
	refreshOf  = "tiendi run --full-refresh -s %s+"
)
