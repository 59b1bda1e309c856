package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/anomaly"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// result turns what was found on the days that are searched into figures.
func (h *history) result(found *anomaly.Findings) *Search {
	end := h.first.AddDate(0, 0, h.days)
	s := &Search{Start: end.AddDate(0, 0, -h.searched), End: end, Tested: map[string]int{}}
	for _, series := range found.Tested {
		s.Tested[series.Subject]++
	}
	for i := range found.Alerts {
		if a := &found.Alerts[i]; a.Day >= h.days-h.searched {
			s.Alerts = append(s.Alerts, h.alert(a))
		}
	}
	sortAlerts(s.Alerts)
	return s
}

// alert turns an alert into figures of the report.
func (h *history) alert(a *anomaly.Alert) Alert {
	of := watched[a.Series.Metric]
	places := map[Unit]int32{Money: 2, Number: 0, Rate: 6}[of.unit]
	figure := func(x float64) decimal.Decimal { return decimal.NewFromFloat(x).Round(places) }
	out := Alert{
		Date: h.first.AddDate(0, 0, a.Day), Metric: a.Series.Metric, Unit: of.unit, GoodDown: of.goodDown,
		Value: figure(a.Value), Expected: figure(a.Expected), Low: figure(a.Low), High: figure(a.High),
		Since: h.first.AddDate(0, 0, a.Since), P: a.P, Repeated: a.Repeated,
	}
	if a.Series.Subject != "" {
		out.Store = &Store{ID: a.Series.Subject}
	}
	return out
}

// sortAlerts puts the days in order, and of each the platform first, then what is rarest.
func sortAlerts(list []Alert) {
	rank := func(a *Alert) int {
		if a.Store == nil {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b Alert) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.P, b.P))
	})
}

// nameStores reads the names of the stores that alerts are about.
func (s *Search) nameStores(ctx context.Context, w Warehouse, schema string) error {
	stores := map[string][]*Store{}
	for _, a := range s.Alerts {
		if a.Store != nil {
			stores[a.Store.ID] = append(stores[a.Store.ID], a.Store)
		}
	}
	if len(stores) == 0 {
		return nil
	}
	ids := make([]string, 0, len(stores))
	for id := range stores {
		ids = append(ids, "toUUID("+warehouse.Literal(id)+")")
	}
	slices.Sort(ids)
	query := fmt.Sprintf("SELECT toString(store_id), name FROM %s WHERE store_id IN (%s)", table(schema, "dim_store"), strings.Join(ids, ", "))
	err := each(ctx, w, query, func(rows *warehouse.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		for _, s := range stores[id] {
			s.Name = name
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the stores' names: %w", err)
	}
	return nil
}
