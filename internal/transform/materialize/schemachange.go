package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// changes are what on_schema_change asks for.
type changes struct {
	add, drop, modify []Column
}

func (c changes) none() bool { return len(c.add)+len(c.drop)+len(c.modify) == 0 }

// compare holds the query's columns against the table's, as dbt-clickhouse
// does for each on_schema_change, and says which columns to insert.
func (r Request) compare(described [][]string) (changes, []Column, error) {
	have := map[string]string{}
	for _, c := range r.Existing.insertable() {
		have[c.Name] = c.Type
	}
	var found changes
	wanted := map[string]bool{}
	for _, row := range described {
		c := Column{Name: row[0], Type: row[1]}
		wanted[c.Name] = true
		switch have[c.Name] {
		case "":
			found.add = append(found.add, c)
		case c.Type:
		default:
			found.modify = append(found.modify, c)
		}
	}
	var columns []Column
	for _, c := range r.Existing.insertable() {
		// What has a default may be left to it.
		if !wanted[c.Name] && c.Default == "DEFAULT" {
			continue
		}
		columns = append(columns, c)
		if !wanted[c.Name] {
			found.drop = append(found.drop, c)
		}
	}
	permitted, err := r.Spec.permit(found)
	return permitted, permitted.after(columns), err
}

// permit says which of the differences are to be carried out.
func (s Spec) permit(found changes) (changes, error) {
	refuse := func(hint string) (changes, error) {
		return changes{}, fmt.Errorf("the query's columns are not the table's (on_schema_change: %s): %s\n  %s",
			s.OnSchemaChange, found, hint)
	}
	switch {
	case s.OnSchemaChange == "ignore":
		return changes{}, nil
	case s.OnSchemaChange == "fail" && !found.none():
		return refuse("mend the query, set on_schema_change, or rebuild with --full-refresh")
	case s.OnSchemaChange == "append_new_columns" && len(found.drop)+len(found.modify) > 0:
		return refuse("append_new_columns only adds columns: use sync_all_columns or --full-refresh")
	}
	return found, nil
}

func (c changes) String() string {
	var parts []string
	for _, p := range []struct {
		what    string
		columns []Column
	}{{"new", c.add}, {"gone", c.drop}, {"of another type", c.modify}} {
		if len(p.columns) > 0 {
			parts = append(parts, p.what+": "+describeColumns(p.columns))
		}
	}
	return strings.Join(parts, "; ")
}

func describeColumns(columns []Column) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name + " " + c.Type
	}
	return strings.Join(out, ", ")
}

// actions are the ALTER actions, in dbt-clickhouse's order.
func (c changes) actions(s Spec) []string {
	var out []string
	for _, col := range c.drop {
		out = append(out, "DROP COLUMN IF EXISTS "+warehouse.Ident(col.Name))
	}
	for _, col := range c.add {
		action := fmt.Sprintf("ADD COLUMN IF NOT EXISTS %s %s", warehouse.Ident(col.Name), col.Type)
		if codec := s.codec(col.Name); codec != "" {
			action += " CODEC(" + codec + ")"
		}
		out = append(out, action)
	}
	for _, col := range c.modify {
		out = append(out, fmt.Sprintf("MODIFY COLUMN IF EXISTS %s %s", warehouse.Ident(col.Name), col.Type))
	}
	return out
}

func (c changes) alter(d dialect, r project.Relation, s Spec) []Step {
	if c.none() {
		return nil
	}
	return []Step{{Role: Aside, SQL: d.alter(r, c.actions(s)...), Settings: map[string]any{"alter_sync": 2, "mutations_sync": 2}}}
}

// after gives the columns once the changes are made.
func (c changes) after(columns []Column) []Column {
	gone := map[string]bool{}
	for _, col := range c.drop {
		gone[col.Name] = true
	}
	var out []Column
	for _, col := range columns {
		if !gone[col.Name] {
			out = append(out, col)
		}
	}
	return append(out, c.add...)
}

func (s Spec) codec(column string) string {
	for _, c := range s.Columns {
		if c.Name == column {
			return c.Codec
		}
	}
	return ""
}
