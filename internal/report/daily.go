package report

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is what a report reads from.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Definitions gives the SQL that defines a KPI in the project.
type Definitions interface {
	KPI(ctx context.Context, name string) (string, error)
}

// ErrNoData says that there is no day to report on yet.
var ErrNoData = errors.New("no complete day with data")

// DailyOptions says which day, for whom.
type DailyOptions struct {
	Schema   string    // database of the marts
	Date     time.Time // zero: the last complete day that has data
	Today    time.Time // the current day in the platform's time zone, at midnight UTC
	Audience Audience
	Store    string // id or name, of a vendor's report
	Currency string
}

// BuildDaily reads the report of one day from the marts.
func BuildDaily(ctx context.Context, w Warehouse, kpis Definitions, o DailyOptions) (*Daily, error) {
	report := &Daily{Audience: o.Audience, Currency: o.Currency}
	if o.Audience == Vendor {
		store, err := findStore(ctx, w, o.Schema, o.Store)
		if err != nil {
			return nil, err
		}
		report.Store = store
	}
	s := subjectOf(o.Audience, report.Store)
	days, err := readSpan(ctx, w, s, o)
	if err != nil {
		return nil, err
	}
	if report.Date = o.Date; report.Date.IsZero() {
		report.Date = days.newest
	}
	if report.Figures, err = readFigures(ctx, w, kpis, s, report.Date, days); err != nil {
		return nil, fmt.Errorf("read the figures of %s: %w", report.Date.Format(time.DateOnly), err)
	}
	if report.Products, err = readProducts(ctx, w, s.productsQuery(o.Schema, report.Date)); err != nil {
		return nil, fmt.Errorf("read the best sellers: %w", err)
	}
	if report.Funnel, err = readFunnel(ctx, w, s.funnelQuery(o.Schema, report.Date)); err != nil {
		return nil, fmt.Errorf("read the funnel: %w", err)
	}
	return report, nil
}

// span is the first and the last complete day that the platform has data of,
// and the newest that the subject has: a store without a row on a day between
// them sold nothing then, also before it opened.
type span struct{ first, last, newest time.Time }

func readSpan(ctx context.Context, w Warehouse, s subject, o DailyOptions) (span, error) {
	var found span
	var days uint64
	err := each(ctx, w, s.spanQuery(o.Schema, o.Today), func(rows *warehouse.Rows) error {
		return rows.Scan(&found.first, &found.last, &found.newest, &days)
	})
	if err != nil {
		return span{}, fmt.Errorf("find the days with data: %w", err)
	}
	if days == 0 {
		return span{}, fmt.Errorf("%w in %s.daily_metrics: load data and run `tiendi build` first", ErrNoData, o.Schema)
	}
	return span{found.first.UTC(), found.last.UTC(), found.newest.UTC()}, nil
}

func findStore(ctx context.Context, w Warehouse, schema, wanted string) (*Store, error) {
	var found []Store
	err := each(ctx, w, storesQuery(schema, wanted), func(rows *warehouse.Rows) error {
		var store Store
		err := rows.Scan(&store.ID, &store.Name)
		found = append(found, store)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("find store %q: %w", wanted, err)
	case len(found) == 1:
		return &found[0], nil
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, store := range found {
			ids[i] = store.ID
		}
		return nil, fmt.Errorf("%d stores are called %q: name one by its id: %s", len(found), wanted, strings.Join(ids, ", "))
	}
	var near []string
	err = each(ctx, w, nearStoresQuery(schema, wanted), func(rows *warehouse.Rows) error {
		near = append(near, "")
		return rows.Scan(&near[len(near)-1])
	})
	if err != nil {
		return nil, fmt.Errorf("find store %q: %w", wanted, err)
	}
	return nil, fmt.Errorf("no store has the id or name %q\n  nearest: %s", wanted, strings.Join(near, ", "))
}
