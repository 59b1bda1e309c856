package verify

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// SourceTable is a table of the shop's database.
type SourceTable struct {
	Schema, Name string
	Columns      map[string]string // types by name, as format_type has them without their lengths
}

func (t SourceTable) sql() string { return pgx.Identifier{t.Schema, t.Name}.Sanitize() }

// sums are those of some columns that are there and are numbers.
func (t SourceTable) sums(columns []string) (found []string) {
	for _, c := range columns {
		switch t.Columns[c] {
		case "numeric", "smallint", "integer", "bigint":
			found = append(found, c)
		}
	}
	return found
}

// moment is a column as a time with its zone, "" where it is none. Times without one
// are UTC, as the mirror takes them.
func (t SourceTable) moment(column string) string {
	name := pgx.Identifier{t.Name, column}.Sanitize()
	switch t.Columns[column] {
	case "timestamp with time zone":
		return name
	case "timestamp without time zone", "date":
		return "(" + name + "::timestamp AT TIME ZONE 'UTC')"
	}
	return ""
}

// sourceSQL sums up a table of the shop by day.
func (s *Shape) sourceSQL(t *shopTable, source, moments SourceTable, at string, sums []string) string {
	const layout = "2006-01-02 15:04:05.000000Z07:00"
	figures := []string{"count(*)::text"}
	for _, c := range sums {
		figures = append(figures, fmt.Sprintf("coalesce(sum(%s), 0)::text", pgx.Identifier{source.Name, c}.Sanitize()))
	}
	from := source.sql()
	if t.at == "" {
		from += fmt.Sprintf(" JOIN %s ON %s = %s", moments.sql(), pgx.Identifier{moments.Name, "id"}.Sanitize(), pgx.Identifier{source.Name, "order_id"}.Sanitize())
	}
	return fmt.Sprintf("SELECT to_char(%[1]s AT TIME ZONE '%[2]s', 'YYYY-MM-DD') AS day, %[3]s\nFROM %[4]s\nWHERE %[1]s >= '%[5]s' AND %[1]s < '%[6]s'\nGROUP BY day",
		at, strings.ReplaceAll(s.Zone.String(), "'", "''"), strings.Join(figures, ", "), from, s.From.UTC().Format(layout), s.To.UTC().Format(layout))
}
