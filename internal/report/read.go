package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// readFigures fills one figure a column; a day without a row stays unknown.
func readFigures(ctx context.Context, w Warehouse, s subject, schema string, date time.Time) ([]Figure, error) {
	figures := make([]Figure, len(s.columns))
	for i, c := range s.columns {
		figures[i] = Figure{Name: c.name, Unit: c.unit, GoodDown: c.goodDown, History: make([]decimal.NullDecimal, historyDays)}
	}
	err := each(ctx, w, s.figuresQuery(schema, date), func(rows *warehouse.Rows) error {
		var at time.Time
		var texts []*string
		if err := rows.Scan(&at, &texts); err != nil {
			return err
		}
		ago := int(date.Sub(at.UTC()).Hours() / 24)
		for i, text := range texts {
			value, err := number(text)
			if err != nil {
				return fmt.Errorf("column %s: %w", s.columns[i].name, err)
			}
			figures[i].History[historyDays-1-ago] = value
		}
		return nil
	})
	for i := range figures {
		h := figures[i].History
		figures[i].Value, figures[i].DayBefore, figures[i].WeekAgo = h[historyDays-1], h[historyDays-2], h[historyDays-8]
	}
	return figures, err
}

func readProducts(ctx context.Context, w Warehouse, query string) ([]Product, error) {
	var products []Product
	err := each(ctx, w, query, func(rows *warehouse.Rows) error {
		var p Product
		var gmv string
		var rate *string
		if err := rows.Scan(&p.Name, &p.Units, &gmv, &p.Views, &rate); err != nil {
			return err
		}
		var err error
		if p.GMV, err = decimal.NewFromString(gmv); err != nil {
			return err
		}
		p.ConversionRate, err = number(rate)
		products = append(products, p)
		return err
	})
	return products, err
}

func readFunnel(ctx context.Context, w Warehouse, query string) ([]Step, error) {
	var steps []Step
	err := each(ctx, w, query, func(rows *warehouse.Rows) error {
		var step Step
		err := rows.Scan(&step.Name, &step.Sessions)
		steps = append(steps, step)
		return err
	})
	return steps, err
}

// number reads a figure's text; nil is unknown.
func number(text *string) (decimal.NullDecimal, error) {
	if text == nil {
		return decimal.NullDecimal{}, nil
	}
	value, err := decimal.NewFromString(*text)
	return decimal.NullDecimal{Decimal: value, Valid: err == nil}, err
}

// each calls visit for every row of a query.
func each(ctx context.Context, w Warehouse, query string, visit func(*warehouse.Rows) error) (err error) {
	rows, err := w.Query(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := visit(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
