package materialize

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Found is a relation as it stands in the warehouse.
type Found struct {
	Name         project.Relation
	Engine       string // MergeTree, View, MaterializedView, Dictionary, …
	UUID         string
	PartitionKey string // "" when not partitioned
	Projections  bool
	// Dependents are the materialized views that read from it.
	Dependents []string
	// Columns are known only where they were asked for.
	Columns []Column
}

// Column is a column of a relation or of a query.
type Column struct {
	Name, Type string
	Default    string // "", DEFAULT, MATERIALIZED, ALIAS or EPHEMERAL
}

// IsView says whether the relation is a plain view.
func (f *Found) IsView() bool { return f != nil && f.Engine == "View" }

// IsTable says whether rows are stored under the relation's own name.
func (f *Found) IsTable() bool {
	if f == nil {
		return false
	}
	switch f.Engine {
	case "View", "MaterializedView", "LiveView", "WindowView", "Dictionary":
		return false
	}
	return true
}

// MergeTree says whether the relation has parts and partitions that can be
// moved between tables.
func (f *Found) MergeTree() bool { return f != nil && strings.HasSuffix(f.Engine, "MergeTree") }

// insertable are the columns that an INSERT may name.
func (f *Found) insertable() []Column {
	var out []Column
	for _, c := range f.Columns {
		if c.Default == "" || c.Default == "DEFAULT" {
			out = append(out, c)
		}
	}
	return out
}

// Quote gives the relation's name for use in SQL.
func Quote(r project.Relation) string {
	return warehouse.Ident(r.Schema) + "." + warehouse.Ident(r.Identifier)
}

func columnList(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = warehouse.Ident(c.Name)
	}
	return strings.Join(names, ", ")
}
