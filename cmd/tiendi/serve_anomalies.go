package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/serve/api"
)

// servedAnomalies are those of `tiendi report anomalies`, for the API.
type servedAnomalies struct {
	schema   string
	zone     *time.Location
	holidays report.Holidays
}

// anomalySearch looks for anomalies, and names the tables whose data it depends on: of a view,
// those that it is of. It is nil where the project does not have what it reads.
func (s *session) anomalySearch() (api.Anomalies, []string, error) {
	zone, err := s.zone()
	if err != nil {
		return nil, nil, err
	}
	holidays, err := s.holidays()
	if err != nil {
		return nil, nil, err
	}
	byName := map[string]*project.Node{}
	for _, n := range s.manifest.Nodes {
		if n.Relation.Schema == s.settings.Warehouse.Database {
			byName[n.Relation.Identifier] = n
		}
	}
	tables := slices.Clone(report.SearchedTables)
	for _, name := range report.SearchedTables {
		n := byName[name]
		if n == nil {
			return nil, nil, nil
		}
		if n.Config.Materialized != "view" {
			continue
		}
		for _, id := range n.DependsOn {
			if up := s.manifest.Graph.Node(id); up != nil {
				tables = append(tables, up.Relation.Identifier)
			}
		}
	}
	return servedAnomalies{s.settings.Warehouse.Database, zone, holidays}, tables, nil
}

func (a servedAnomalies) options(today time.Time) report.SearchOptions {
	return report.SearchOptions{Schema: a.schema, Zone: a.zone, Today: today, Holidays: a.holidays}
}

// Rules implements api.Anomalies.
func (a servedAnomalies) Rules() string {
	return a.schema + " " + a.zone.String() + " " + strings.Join(slices.Sorted(maps.Keys(a.holidays)), " ")
}

// Last implements api.Anomalies.
func (a servedAnomalies) Last(ctx context.Context, rows api.Warehouse, today time.Time) (time.Time, error) {
	last, err := report.LastComplete(ctx, rows, a.options(today))
	return last, unreported(err)
}

// Search implements api.Anomalies.
func (a servedAnomalies) Search(ctx context.Context, rows api.Warehouse, today, last time.Time, days int) (found api.Found, err error) {
	o := a.options(today)
	o.Date, o.Days = last, days
	s, err := report.SearchAnomalies(ctx, rows, o)
	if err != nil {
		return found, unreported(err)
	}
	found.Tested = s.Tested
	for i := range s.Alerts {
		one := &s.Alerts[i]
		f := api.FoundAlert{
			Date: one.Date.Format(time.DateOnly), Metric: one.Metric, Unit: string(one.Unit), GoodDown: one.GoodDown,
			Value: one.Value, Expected: one.Expected, Low: one.Low, High: one.High, Change: one.Change(),
			Since: one.Since.Format(time.DateOnly), Repeated: one.Repeated,
		}
		if one.Store != nil {
			f.StoreID, f.Store = one.Store.ID, one.Store.Name
		}
		found.Alerts = append(found.Alerts, f)
	}
	// Within a day they keep their order.
	slices.SortStableFunc(found.Alerts, func(a, b api.FoundAlert) int { return strings.Compare(b.Date, a.Date) })
	return found, nil
}
