package report

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is what a report reads from.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Source is where reports come from.
type Source struct {
	Warehouse Warehouse
	// Platform says how far the whole platform's data reach, where Warehouse gives the
	// rows of one store alone; nil: Warehouse.
	Platform Warehouse
	Metrics  *semantic.Manifest
	Schema   string // database of the marts
}

// row is one of an answer, by the names of its columns.
type row struct {
	columns map[string]int
	values  []any
}

// ask has the semantic layer's question answered, a row after the other.
func (s Source) ask(ctx context.Context, q semantic.Query, visit func(row) error) error {
	statement, err := s.Metrics.Compile(q)
	if err != nil {
		return err
	}
	r := row{columns: map[string]int{}}
	for i, c := range statement.Columns {
		r.columns[c.Name] = i
	}
	return each(ctx, s.Warehouse, statement.SQL, func(rows *warehouse.Rows) (err error) {
		if r.values, err = rows.Values(); err != nil {
			return err
		}
		return visit(r)
	})
}

// text is a value as text: of an id, or a name.
func (r row) text(column string) string {
	i, ok := r.columns[column]
	if !ok || r.values[i] == nil {
		return ""
	}
	return fmt.Sprint(r.values[i])
}

// day is a value of a time, at midnight UTC.
func (r row) day(column string) time.Time {
	t, _ := r.values[r.columns[column]].(time.Time)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// number is a value of a metric.
func (r row) number(column string) (decimal.NullDecimal, error) {
	v, err := number(r.values[r.columns[column]])
	if err != nil {
		err = fmt.Errorf("column %s: %w", column, err)
	}
	return v, err
}

// count is a value of a metric that counts, 0 where it has none.
func (r row) count(column string) (int64, error) {
	v, err := r.number(column)
	return v.Decimal.IntPart(), err
}

// number reads a figure as the warehouse gives it; what is no number is unknown.
// Money comes as a decimal, so that it never is a float.
func number(v any) (decimal.NullDecimal, error) {
	switch v := v.(type) {
	case nil:
		return decimal.NullDecimal{}, nil
	case decimal.Decimal:
		return decimal.NewNullDecimal(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return decimal.NullDecimal{}, nil
		}
		return decimal.NewNullDecimal(decimal.NewFromFloat(v)), nil
	case float32:
		return number(float64(v))
	case int64:
		return decimal.NewNullDecimal(decimal.NewFromInt(v)), nil
	}
	d, err := decimal.NewFromString(fmt.Sprint(v)) // the other widths of integers
	return decimal.NullDecimal{Decimal: d, Valid: err == nil}, err
}

// each calls visit for every row of a query.
func each(ctx context.Context, w Warehouse, query string, visit func(*warehouse.Rows) error) error {
	rows, err := w.Query(ctx, query)
	if err != nil {
		return err
	}
	return rows.Each(visit)
}
