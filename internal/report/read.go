package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// readFigures asks each KPI's query once for the days of the history. On a day
// without a row nothing happened, as far as the data reach: counts are 0 then,
// and everything else is unknown.
func readFigures(ctx context.Context, w Warehouse, kpis Definitions, s subject, date time.Time, days span) ([]Figure, error) {
	figures := make([]Figure, len(s.figures))
	for i, f := range s.figures {
		figures[i] = Figure{Name: f.name(), Unit: f.unit, GoodDown: f.goodDown, History: emptyHistory(f, date, days)}
	}
	for _, kpi := range s.kpis() {
		definition, err := kpis.KPI(ctx, kpi)
		if err != nil {
			return nil, fmt.Errorf("kpi %s: %w", kpi, err)
		}
		if err := s.readKPI(ctx, w, kpi, s.figuresQuery(kpi, definition, date), date, figures); err != nil {
			return nil, fmt.Errorf("kpi %s: %w", kpi, err)
		}
	}
	for i := range figures {
		h := figures[i].History
		figures[i].Value, figures[i].DayBefore, figures[i].WeekAgo = h[historyDays-1], h[historyDays-2], h[historyDays-8]
	}
	return figures, nil
}

func emptyHistory(f figure, date time.Time, days span) []decimal.NullDecimal {
	history := make([]decimal.NullDecimal, historyDays)
	for i := range history {
		at := date.AddDate(0, 0, i+1-historyDays)
		history[i].Valid = f.counts && !at.Before(days.first) && !at.After(days.last)
	}
	return history
}

// readKPI fills the histories of the figures that come from one KPI's query.
func (s subject) readKPI(ctx context.Context, w Warehouse, kpi, query string, date time.Time, figures []Figure) error {
	return each(ctx, w, query, func(rows *warehouse.Rows) error {
		var at time.Time
		var texts []*string
		if err := rows.Scan(&at, &texts); err != nil {
			return err
		}
		index := historyDays - 1 - int(date.Sub(at.UTC()).Hours()/24)
		column := 0
		for i, f := range s.figures {
			if f.kpi != kpi {
				continue
			}
			value, err := number(texts[column])
			if err != nil {
				return fmt.Errorf("column %s: %w", f.column, err)
			}
			figures[i].History[index] = value
			column++
		}
		return nil
	})
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
