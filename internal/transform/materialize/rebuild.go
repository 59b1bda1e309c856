package materialize

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Request is what planners know of one node.
type Request struct {
	Target   project.Relation
	Spec     Spec
	SQL      string
	Existing *Found // nil: nothing stands under the target's name
	// Ticket is the run's hold on the target, an empty table with the
	// target's structure; zero where none is needed.
	Ticket  project.Relation
	Names   *Names
	Cluster string
}

func (r Request) dialect() dialect { return dialect{cluster: r.Cluster} }

// Table plans the materialization table: built aside, swapped.
func Table(r Request) Plan {
	aside := r.Names.Temporary(r.Target)
	steps := append(r.create(aside), r.insert(aside, r.SQL), r.place(aside))
	return Plan{Steps: steps, Cleanup: []string{r.dialect().drop(aside)}}
}

// create makes an empty table as the node wants it.
func (r Request) create(aside project.Relation) []Step {
	d := r.dialect()
	steps := []Step{{Role: Aside, SQL: d.createEmpty(aside, r.Spec, r.SQL), Settings: r.Spec.QuerySettings}}
	if additions := r.Spec.additions(); len(additions) > 0 {
		steps = append(steps, step(Aside, d.alter(aside, additions...)))
	}
	return steps
}

// insert fills a table that createEmpty made from the same query.
func (r Request) insert(into project.Relation, sql string) Step {
	text := fmt.Sprintf("INSERT INTO %s\n%s", Quote(into), sql)
	if r.Spec.Contract {
		var columns []Column
		for _, c := range r.Spec.Columns {
			columns = append(columns, Column{Name: c.Name})
		}
		list := columnList(columns)
		text = fmt.Sprintf("INSERT INTO %s (%s)\nSELECT %s FROM (\n%s\n)", Quote(into), list, list, sql)
	}
	return r.main(text)
}

func (r Request) main(text string) Step {
	if r.Spec.SQLHeader != "" {
		text = r.Spec.SQLHeader + "\n" + text
	}
	return Step{Role: Main, SQL: text, Settings: r.Spec.QuerySettings}
}

// place puts a finished table under the target's name. The other way round is
// taken where the target came or went since it was looked up.
func (r Request) place(aside project.Relation) Step {
	const unknownTable, tableExists = 60, 57
	d := r.dialect()
	exchange, rename := d.exchange(aside, r.Target), d.rename(aside, r.Target)
	if r.Existing == nil {
		return Step{Role: Swap, SQL: rename, Or: map[int]string{tableExists: exchange}, Spares: d.drop(aside)}
	}
	return Step{Role: Swap, SQL: exchange, Or: map[int]string{unknownTable: rename}}
}

// View plans the materialization view. Over a table it is made aside and
// swapped, since CREATE OR REPLACE VIEW would drop the table first.
func View(r Request) Plan {
	d := r.dialect()
	if r.Existing == nil || r.Existing.IsView() {
		return Plan{Steps: []Step{{Role: Main, SQL: d.createView("CREATE OR REPLACE VIEW", r.Target, r.Spec, r.SQL)}}}
	}
	aside := r.Names.Temporary(r.Target)
	return Plan{
		Steps: []Step{
			step(Main, d.createView("CREATE VIEW", aside, r.Spec, r.SQL)),
			r.place(aside),
		},
		Cleanup: []string{d.drop(aside)},
	}
}

func (d dialect) createView(verb string, name project.Relation, s Spec, sql string) string {
	text := fmt.Sprintf("%s %s%s", verb, Quote(name), d.on())
	if s.SQLHeader != "" {
		text = s.SQLHeader + "\n" + text
	}
	if s.SQLSecurity != "" {
		text += "\n" + s.SQLSecurity
	}
	text += "\nAS (\n" + sql
	if clause := settingsClause(s.QuerySettings); clause != "" {
		text += "\n" + clause
	}
	text += "\n)"
	if clause := settingsClause(s.Settings); clause != "" {
		text += "\n" + clause
	}
	return text
}

// CreateDatabase gives the statement that makes a missing database. EXCHANGE
// needs the Atomic engine, which is the default but for that of the embedded
// engine's own database.
func CreateDatabase(name, cluster string) string {
	return fmt.Sprintf("CREATE DATABASE IF NOT EXISTS %s%s", warehouse.Ident(name), dialect{cluster: cluster}.on())
}
