package compile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// maxTemplateRows bounds the result that one query hands to a template.
const maxTemplateRows = 1_000_000

// errNoWarehouse is what a template gets that asks the warehouse where none is
// connected.
var errNoWarehouse = errors.New("no warehouse is connected")

// query runs a query for a template and keeps its rows.
func (s *scope) query(sql string) (*table, error) {
	w := s.run.compiler.warehouse
	if w == nil {
		return nil, fmt.Errorf("this template asks the warehouse (%s): %w", firstLine(sql), errNoWarehouse)
	}
	rows, err := w.Query(s.ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("query in a template (%s): %w", firstLine(sql), err)
	}
	defer rows.Close()
	t := &table{}
	for _, c := range rows.Columns() {
		t.names, t.kinds = append(t.names, c.Name), append(t.kinds, c.Type)
	}
	for rows.Next() {
		if len(t.rows) == maxTemplateRows {
			return nil, failure("aggregate or limit it in SQL", "a query in a template gives more than %d rows", maxTemplateRows)
		}
		values, err := rows.Values()
		if err != nil {
			return nil, fmt.Errorf("query in a template (%s): %w", firstLine(sql), err)
		}
		t.rows = append(t.rows, t.rowOf(values))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("query in a template (%s): %w", firstLine(sql), err)
	}
	return t, nil
}

func (t *table) rowOf(values []any) *row {
	r := &row{names: t.names, values: make([]jinja.Value, len(values))}
	for i, v := range values {
		r.values[i] = cellValue(v, t.kinds[i])
	}
	return r
}

func (s *scope) exec(sql string) error {
	w := s.run.compiler.warehouse
	if w == nil {
		return fmt.Errorf("this template changes the warehouse (%s): %w", firstLine(sql), errNoWarehouse)
	}
	if _, err := w.Exec(s.ctx, sql); err != nil {
		return fmt.Errorf("statement in a template (%s): %w", firstLine(sql), err)
	}
	return nil
}

func firstLine(sql string) string {
	line := strings.Join(strings.Fields(sql), " ")
	if len(line) > 80 {
		line = line[:77] + "…"
	}
	return line
}
