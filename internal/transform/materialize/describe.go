package materialize

import (
	"context"
	"fmt"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Docs are the descriptions that a relation carries in the warehouse, where other
// tools read them: what persist_docs asks for of a node. Empty ones are none.
type Docs struct {
	Relation string
	Columns  map[string]string // by name
}

func (r *reader) docs(s *Spec, n *project.Node) {
	asked := reader{values: r.mapping("persist_docs")}
	relation, columns := asked.boolean("relation", false), asked.boolean("columns", false)
	if asked.err != nil {
		r.fail("persist_docs: %v", asked.err)
	}
	if relation {
		s.Docs.Relation = n.Description
	}
	if !columns {
		return
	}
	s.Docs.Columns = map[string]string{}
	for _, c := range n.Columns {
		s.Docs.Columns[c.Name] = c.Description
	}
}

// Describe gives a relation its descriptions as comments. It changes only those that
// differ, in one statement; columns that the relation lacks are left out, and whatever
// has no description keeps its comment.
func Describe(ctx context.Context, w Warehouse, cluster string, target project.Relation, docs Docs) error {
	if docs.Relation == "" && len(docs.Columns) == 0 {
		return nil
	}
	place := warehouse.Literal(target.Schema) + " AND %s = " + warehouse.Literal(target.Identifier)
	rows, err := queryStrings(ctx, w, fmt.Sprintf("SELECT 'relation', name, comment FROM system.tables WHERE database = "+place, "name")+
		fmt.Sprintf(" UNION ALL SELECT 'column', name, comment FROM system.columns WHERE database = "+place+" ORDER BY 1, 2", "table"))
	if err != nil {
		return fmt.Errorf("read the comments of %s: %w", Quote(target), err)
	}
	actions := docs.actions(rows)
	if len(actions) == 0 {
		return nil
	}
	if _, err := w.Exec(ctx, dialect{cluster: cluster}.alter(target, actions...)); err != nil {
		return fmt.Errorf("write the descriptions of %s (persist_docs): %w", Quote(target), err)
	}
	return nil
}

// actions compares with what is there: rows of kind, name and comment.
func (d Docs) actions(rows [][]string) []string {
	var actions []string
	for _, row := range rows {
		kind, name, comment := row[0], row[1], row[2]
		switch want := d.Columns[name]; {
		case kind == "relation" && d.Relation != "" && d.Relation != comment:
			actions = append(actions, "MODIFY COMMENT "+warehouse.Literal(d.Relation))
		case kind == "column" && want != "" && want != comment:
			actions = append(actions, "COMMENT COLUMN "+warehouse.Ident(name)+" "+warehouse.Literal(want))
		}
	}
	return actions
}
