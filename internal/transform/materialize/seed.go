package materialize

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// seedChunk is about how many bytes of rows one statement carries.
const seedChunk = 4 << 20

// Seed plans a seed: its rows go into a table aside, which is swapped in.
func Seed(r Request, data *SeedData) Plan {
	d := r.dialect()
	aside := r.Names.Temporary(r.Target)
	lines := make([]string, len(data.Columns))
	for i, c := range data.Columns {
		lines[i] = warehouse.Ident(c.Name) + " " + c.Type
	}
	create := fmt.Sprintf("CREATE TABLE %s%s\n(\n    %s\n)%s", Quote(aside), d.on(), strings.Join(lines, ",\n    "), r.Spec.storage())
	steps := []Step{step(Aside, create)}
	if additions := r.Spec.additions(); len(additions) > 0 {
		steps = append(steps, step(Aside, d.alter(aside, additions...)))
	}
	for rows := data.Rows; len(rows) > 0; {
		var chunk string
		chunk, rows = csvChunk(rows)
		steps = append(steps, r.seedInsert(aside, data.Columns, chunk))
	}
	return Plan{Steps: append(steps, r.place(aside)), Cleanup: []string{d.drop(aside)}}
}

// seedInsert sends rows inside the statement, as text that the server parses
// with the columns' own types.
func (r Request) seedInsert(into project.Relation, columns []Column, chunk string) Step {
	structure := make([]string, len(columns))
	for i, c := range columns {
		structure[i] = warehouse.Ident(c.Name) + " " + c.Type
	}
	list := columnList(columns)
	s := r.main(fmt.Sprintf("INSERT INTO %s (%s)\nSELECT %s FROM format(CSV, %s, %s)",
		Quote(into), list, list, warehouse.Literal(strings.Join(structure, ", ")), warehouse.Literal(chunk)))
	settings := map[string]any{
		"max_query_size": 8*seedChunk + len(s.SQL), "date_time_input_format": "best_effort",
		"input_format_csv_empty_as_default": 1, "input_format_csv_trim_whitespaces": 0,
	}
	for k, v := range s.Settings {
		settings[k] = v
	}
	s.Settings = settings
	return s
}

// csvChunk takes rows off as CSV text. No value is an empty field, which
// becomes NULL or the type's default.
func csvChunk(rows [][]string) (string, [][]string) {
	var b strings.Builder
	for i, row := range rows {
		if b.Len() >= seedChunk {
			return b.String(), rows[i:]
		}
		for j, value := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(csvField(value))
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// csvField quotes text where it must; the server reads no quoted booleans.
func csvField(value string) string {
	if !strings.ContainsAny(value, "\"',\r\n\\") && strings.TrimSpace(value) == value {
		return value
	}
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
}
