package compile

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// relation is what ref(), source(), this and adapter.get_relation give: a
// table or view that prints as `schema`.`identifier`.
type relation struct {
	schema, identifier string
	kind               string // table, view, cte, materialized_view, dictionary …; "" unknown
	hideSchema         bool   // include(schema=false)
	hideIdentifier     bool
	limit              *int   // --empty: 0
	where              string // event time filter, "" for none
	onCluster          bool
	temporary          bool
}

func relationOf(r project.Relation) *relation {
	return &relation{schema: r.Schema, identifier: r.Identifier}
}

// Type is the name of the adapter's class.
func (*relation) Type() string { return "ClickHouseRelation" }

// render prints the name alone.
func (r *relation) render() string {
	schema, identifier := r.schema != "" && !r.hideSchema, r.identifier != "" && !r.hideIdentifier
	switch {
	case schema && identifier:
		return quoteIdentifier(r.schema) + "." + quoteIdentifier(r.identifier)
	case schema:
		return quoteIdentifier(r.schema)
	case identifier:
		return quoteIdentifier(r.identifier)
	}
	return ""
}

// String prints what stands in FROM: the name, or a subquery when rows are
// limited or filtered by event time.
func (r *relation) String() string {
	text := r.render()
	if r.limit != nil {
		if *r.limit == 0 {
			text = "(select * from " + text + " where false limit 0)"
		} else {
			text = fmt.Sprintf("(select * from %s limit %d)", text, *r.limit)
		}
	}
	if r.where != "" {
		text = "(select * from " + text + " where " + r.where + ")"
	}
	return text
}

// Repr prints the relation inside lists.
func (r *relation) Repr() string { return "<ClickHouseRelation " + r.render() + ">" }

// Truth is true even of a relation without a name.
func (*relation) Truth() bool { return true }

// IsMapping is true in dbt, and packages ask for it to tell a relation from
// text.
func (*relation) IsMapping() bool { return true }

// HashKey makes relations of the same name equal.
func (r *relation) HashKey() any { return [4]string{"relation", r.String(), r.kind} }

// quoteIdentifier quotes a name unless it comes quoted.
func quoteIdentifier(name string) string {
	if n := len(name); n > 1 && (name[0] == '`' || name[0] == '"') && name[n-1] == name[0] {
		return name
	}
	if strings.ContainsAny(name, "\\'`") {
		name = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "`", "\\`").Replace(name)
	}
	return "`" + name + "`"
}

func optional(s string) jinja.Value {
	if s == "" {
		return jinja.None
	}
	return jinja.Str(s)
}
