package compile

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// table is a query's result as templates see it: the part of agate's Table
// that dbt projects use.
type table struct {
	names []string
	kinds []string // ClickHouse types
	rows  []*row
}

// Type is agate's class.
func (*table) Type() string { return "Table" }

// Attr finds rows, columns, column_names and methods.
func (t *table) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "rows":
		return &sequence{kind: "MappedSequence", items: t.rowValues()}, true
	case "columns":
		return t.columns(), true
	case "column_names":
		return tupleOf(t.names), true
	case "column_types":
		return tupleOf(t.kinds), true
	case "print_table", "print_csv", "print_json":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.None, nil }), true
	case "select", "exclude":
		return function(name, func(c *jinja.Call) (jinja.Value, error) { return t.pick(c, name == "select") }), true
	case "limit":
		return function(name, t.limit), true
	}
	return nil, false
}

func (t *table) rowValues() []jinja.Value {
	values := make([]jinja.Value, len(t.rows))
	for i, r := range t.rows {
		values[i] = r
	}
	return values
}

// Iter goes over the rows.
func (t *table) Iter() func() (jinja.Value, bool) { return iterate(t.rowValues()) }

// Len is the number of rows.
func (t *table) Len() int { return len(t.rows) }

// Truth is that of a Python object: true also without rows.
func (*table) Truth() bool { return true }

// Item gives a row by its number.
func (t *table) Item(key jinja.Value) (jinja.Value, bool) {
	i, ok := index(key, len(t.rows))
	if !ok {
		return nil, false
	}
	return t.rows[i], true
}

func (t *table) columns() jinja.Value {
	items := make([]jinja.Value, len(t.names))
	for i := range t.names {
		items[i] = t.column(i)
	}
	return &sequence{kind: "MappedSequence", names: t.names, items: items}
}

func (t *table) column(i int) jinja.Value {
	values := make([]jinja.Value, len(t.rows))
	for r, row := range t.rows {
		values[r] = row.values[i]
	}
	return &sequence{kind: "Column", name: t.names[i], typed: t.kinds[i], items: values}
}

// pick keeps or drops the named columns.
func (t *table) pick(c *jinja.Call, keep bool) (jinja.Value, error) {
	wanted := map[string]bool{}
	for _, a := range c.Args {
		if s, ok := text(a); ok {
			wanted[s] = true
		}
		for _, s := range asList(toGo(a)) {
			wanted[s] = true
		}
	}
	var at []int
	out := &table{}
	for i, name := range t.names {
		if wanted[name] == keep {
			at = append(at, i)
			out.names, out.kinds = append(out.names, name), append(out.kinds, t.kinds[i])
		}
	}
	for _, r := range t.rows {
		values := make([]jinja.Value, len(at))
		for j, i := range at {
			values[j] = r.values[i]
		}
		out.rows = append(out.rows, &row{names: out.names, values: values})
	}
	return out, nil
}

func (t *table) limit(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "limit", "start_or_stop")
	if err != nil {
		return nil, err
	}
	n, ok := a[0].(jinja.Int)
	if !ok || n < 0 {
		return nil, failure("", "limit takes a number of rows")
	}
	return &table{names: t.names, kinds: t.kinds, rows: t.rows[:min(int(n), len(t.rows))]}, nil
}

// Type is agate's class.
func (*row) Type() string { return "Row" }

// Item finds a value by number or by column.
func (r *row) Item(key jinja.Value) (jinja.Value, bool) {
	return (&sequence{names: r.names, items: r.values}).Item(key)
}

// Attr finds methods, and values by column as Jinja's attributes do.
func (r *row) Attr(name string) (jinja.Value, bool) {
	return (&sequence{names: r.names, items: r.values}).Attr(name)
}

// Iter goes over the values.
func (r *row) Iter() func() (jinja.Value, bool) { return iterate(r.values) }

// Len is the number of columns.
func (r *row) Len() int { return len(r.values) }

// String prints as agate does.
func (r *row) String() string {
	parts := make([]string, len(r.values))
	for i, v := range r.values {
		parts[i] = represented(v)
	}
	return "<agate.Row: (" + strings.Join(parts, ", ") + ")>"
}

func (t *table) String() string { return fmt.Sprintf("<agate.Table: %d rows>", len(t.rows)) }
