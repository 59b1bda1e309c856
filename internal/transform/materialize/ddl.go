package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// dialect renders statements; the cluster's name is the one thing that they
// share.
type dialect struct{ cluster string }

// on gives " ON CLUSTER c" where there is a cluster.
func (d dialect) on() string {
	if d.cluster == "" {
		return ""
	}
	return " ON CLUSTER " + warehouse.Ident(d.cluster)
}

func (d dialect) exchange(a, b project.Relation) string {
	return fmt.Sprintf("EXCHANGE TABLES %s AND %s%s", Quote(a), Quote(b), d.on())
}

func (d dialect) rename(from, to project.Relation) string {
	return fmt.Sprintf("RENAME TABLE %s TO %s%s", Quote(from), Quote(to), d.on())
}

func (d dialect) drop(r project.Relation) string {
	return fmt.Sprintf("DROP TABLE IF EXISTS %s%s", Quote(r), d.on())
}

func (d dialect) truncate(r project.Relation) string {
	return fmt.Sprintf("TRUNCATE TABLE %s%s", Quote(r), d.on())
}

// alter gives one ALTER with all the actions, so that it is one entry in the
// table's history.
func (d dialect) alter(r project.Relation, actions ...string) string {
	return fmt.Sprintf("ALTER TABLE %s%s %s", Quote(r), d.on(), strings.Join(actions, ", "))
}

func (d dialect) createLike(r, like project.Relation) string {
	return fmt.Sprintf("CREATE TABLE %s%s AS %s", Quote(r), d.on(), Quote(like))
}

func (d dialect) clone(r, of project.Relation) string {
	return fmt.Sprintf("CREATE TABLE %s%s CLONE AS %s", Quote(r), d.on(), Quote(of))
}

// createEmpty gives an empty table with the columns of the query, or of the
// contract where there is one.
func (d dialect) createEmpty(r project.Relation, s Spec, sql string) string {
	var b strings.Builder
	if s.SQLHeader != "" {
		fmt.Fprintf(&b, "%s\n", s.SQLHeader)
	}
	fmt.Fprintf(&b, "CREATE TABLE %s%s", Quote(r), d.on())
	if s.Contract {
		fmt.Fprintf(&b, "\n(\n    %s\n)", strings.Join(s.contractLines(), ",\n    "))
	}
	b.WriteString(s.storage())
	if !s.Contract {
		fmt.Fprintf(&b, "\nEMPTY AS (\n%s\n)", sql)
	}
	return b.String()
}

// contractLines are the columns and constraints as properties declare them.
func (s Spec) contractLines() []string {
	var lines []string
	for _, c := range s.Columns {
		line := warehouse.Ident(c.Name) + " " + c.Type
		if c.Codec != "" {
			line += " CODEC(" + c.Codec + ")"
		}
		if c.TTL != "" {
			line += " TTL " + c.TTL
		}
		lines = append(lines, line)
	}
	return append(lines, s.Constraints...)
}

// storage gives the clauses from ENGINE to SETTINGS.
func (s Spec) storage() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nENGINE = %s", s.Engine)
	if len(s.PartitionBy) > 0 {
		fmt.Fprintf(&b, "\nPARTITION BY (%s)", strings.Join(s.PartitionBy, ", "))
	}
	if len(s.PrimaryKey) > 0 {
		fmt.Fprintf(&b, "\nPRIMARY KEY (%s)", strings.Join(s.PrimaryKey, ", "))
	}
	if s.sorted() {
		order := s.OrderBy
		if len(order) == 0 {
			order = []string{"tuple()"}
		}
		fmt.Fprintf(&b, "\nORDER BY (%s)", strings.Join(order, ", "))
	}
	if s.TTL != "" {
		fmt.Fprintf(&b, "\nTTL %s", s.TTL)
	}
	if clause := settingsClause(s.Settings); clause != "" {
		fmt.Fprintf(&b, "\n%s", clause)
	}
	return b.String()
}

// sorted says whether the engine takes ORDER BY.
func (s Spec) sorted() bool {
	if strings.Contains(s.Engine, "MergeTree") {
		return true
	}
	name, _, _ := strings.Cut(s.Engine, "(")
	switch strings.TrimSpace(name) {
	case "HDFS", "MaterializedPostgreSQL", "S3", "EmbeddedRocksDB", "Hive":
		return true
	}
	return false
}

// additions are the ALTER actions that a fresh table needs: what CREATE …
// EMPTY AS cannot say.
func (s Spec) additions() []string {
	var out []string
	for _, p := range s.Projections {
		if p.Query != "" {
			out = append(out, fmt.Sprintf("ADD PROJECTION %s (%s)", p.Name, p.Query))
			continue
		}
		out = append(out, fmt.Sprintf("ADD PROJECTION %s (SELECT _part_offset ORDER BY %s)", p.Name, strings.Join(p.Index, ", ")))
	}
	for _, i := range s.Indexes {
		out = append(out, fmt.Sprintf("ADD INDEX %s %s", i.Name, i.Definition))
	}
	if s.Contract {
		return out
	}
	for _, c := range s.Columns {
		if c.Codec != "" {
			out = append(out, fmt.Sprintf("MODIFY COLUMN %s CODEC(%s)", warehouse.Ident(c.Name), c.Codec))
		}
		if c.TTL != "" {
			out = append(out, fmt.Sprintf("MODIFY COLUMN %s TTL %s", warehouse.Ident(c.Name), c.TTL))
		}
	}
	return out
}
