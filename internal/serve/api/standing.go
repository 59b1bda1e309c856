package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/serve/cohort"
)

// standing is a figure of the store among its peers'; what is null is not told.
type standing struct {
	Metric     string `json:"metric"`
	Unit       string `json:"unit,omitempty"`
	Own        any    `json:"own"`
	Stores     int    `json:"stores"` // at least so many peers; 0 where they are too few
	Lower      any    `json:"lower"`
	Median     any    `json:"median"`
	Upper      any    `json:"upper"`
	Percentile *int   `json:"percentile"`
}

// storeMonth is what a store did in a month; a metric that has no value is not in it.
type storeMonth struct {
	values map[string]any
	group  string // what its peers share
}

func (m storeMonth) number(metric string) (float64, bool) { return numberOf(m.values[metric]) }

// numberOf is a value of an answer as a number, if it has one.
func numberOf(v any) (float64, bool) {
	if v == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	return f, err == nil
}

// readStores reads the month of every store that is active in it.
func (s *Server) readStores(c *call, month time.Time, peers string) (map[string]storeMonth, error) {
	q := question{GroupBy: []string{"store"}, Start: month.Format(time.DateOnly), End: month.AddDate(0, 1, 0).Format(time.DateOnly)}
	for _, name := range benchmarkMetrics {
		if s.options.Metrics.Metric(name) != nil {
			q.Metrics = append(q.Metrics, name)
		}
	}
	rows, err := s.small(c, q, nil, benchmarkStores)
	if err != nil {
		return nil, err
	}
	all := map[string]storeMonth{}
	for _, row := range rows {
		m := storeMonth{values: map[string]any{}}
		for i, name := range q.Metrics {
			m.values[name] = row[1+i]
		}
		if orders, ok := m.number("orders"); ok && orders > 0 {
			all[fmt.Sprint(row[0])] = m
		}
	}
	switch peers {
	case "category":
		q.Metrics, q.GroupBy = q.Metrics[:1], []string{"store", s.options.Category}
		if rows, err = s.small(c, q, nil, 20*benchmarkStores); err == nil {
			groupByCategory(all, rows)
		}
	case "size":
		groupBySize(all)
	}
	return all, err
}

// amountOf writes a number as answers have it: money is text.
func amountOf(v *float64, unit string) any {
	switch {
	case v == nil:
		return nil
	case unit == "money":
		return amount(decimal.NewFromFloat(*v).StringFixed(2))
	}
	return float(*v)
}

// standings place a store among its peers, metric by metric.
func (s *Server) standings(all map[string]storeMonth, store, peers string) []standing {
	list := []standing{}
	own, active := all[store]
	for _, name := range benchmarkMetrics {
		m := s.options.Metrics.Metric(name)
		if m == nil {
			continue
		}
		var value *float64
		if v, ok := own.number(name); ok {
			value = &v
		}
		var others []float64
		for id, other := range all {
			v, ok := other.number(name)
			if ok && id != store && (peers == "all" || active && other.group == own.group) {
				others = append(others, v)
			}
		}
		at := cohort.Among(value, others, s.options.Cohort)
		list = append(list, standing{
			Metric: name, Unit: m.Unit, Own: own.values[name], Stores: at.Stores, Percentile: at.Percentile,
			Lower: amountOf(at.Lower, m.Unit), Median: amountOf(at.Median, m.Unit), Upper: amountOf(at.Upper, m.Unit),
		})
	}
	return list
}
