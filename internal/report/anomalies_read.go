package report

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/anomaly"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// history is the days that a search reads, those that are searched last.
type history struct {
	schema         string
	first          time.Time
	days, searched int
}

func newHistory(schema string, last time.Time, searched int) *history {
	days := searched + replayDays + anomaly.Calibration + anomaly.Window
	return &history{schema, last.AddDate(0, 0, 1-days), days, searched}
}

func readHorizon(ctx context.Context, w Warehouse, schema string) (through time.Time, err error) {
	err = each(ctx, w, "SELECT data_through FROM "+table(schema, "data_horizon"), func(rows *warehouse.Rows) error {
		return rows.Scan(&through)
	})
	return through, err
}

// watched are the metrics that are searched, with how they vary.
var watched = map[string]struct {
	kind     anomaly.Kind
	unit     Unit
	goodDown bool
}{
	"gmv":                  {anomaly.Amount, Money, false},
	"orders":               {anomaly.Count, Number, false},
	"store_visits":         {anomaly.Count, Number, false},
	"sessions":             {anomaly.Count, Number, false},
	"conversion_rate":      {anomaly.Rate, Rate, false},
	"bounce_rate":          {anomaly.Rate, Rate, true},
	"payment_success_rate": {anomaly.Rate, Rate, false},
	"api_error_rate":       {anomaly.Rate, Rate, true},
}

// SearchedTables are those that a search reads.
var SearchedTables = []string{"daily_metrics", "traffic_mart", "payments_mart", "api_mart", "dim_store", "data_horizon"}

// seriesQuery gives a row for each subject and metric: its days, counted from
// the first of the history, with their values and totals.
func (h *history) seriesQuery() string {
	last := h.first.AddDate(0, 0, h.days-1)
	within := fmt.Sprintf("date BETWEEN %s AND %s", day(h.first), day(last))
	// What is counted on each day, by store or for the platform ('').
	parts := []string{
		"SELECT toString(store_id) AS subject, date, 'gmv' AS metric, toFloat64(gmv) AS value, toFloat64(orders) AS total FROM $daily_metrics",
		"SELECT toString(store_id), date, 'orders', toFloat64(orders), 0 FROM $daily_metrics",
		"SELECT '', date, 'gmv', toFloat64(gmv), toFloat64(orders) FROM $daily_metrics",
		"SELECT '', date, 'orders', toFloat64(orders), 0 FROM $daily_metrics",
		"SELECT toString(store_id), date, 'store_visits', toFloat64(sessions), 0 FROM $traffic_mart AND scope = 'store'",
		"SELECT toString(store_id), date, 'conversion_rate', toFloat64(sessions_with_purchase), toFloat64(sessions) FROM $traffic_mart AND scope = 'store'",
		"SELECT '', date, 'sessions', toFloat64(sessions), 0 FROM $traffic_mart AND scope = 'platform'",
		"SELECT '', date, 'conversion_rate', toFloat64(sessions_with_purchase), toFloat64(sessions) FROM $traffic_mart AND scope = 'platform'",
		"SELECT '', date, 'bounce_rate', toFloat64(bounced_sessions), toFloat64(sessions) FROM $traffic_mart AND scope = 'platform'",
		"SELECT '', date, 'payment_success_rate', toFloat64(is_succeeded), 1 FROM $payments_mart",
		"SELECT '', date, 'api_error_rate', toFloat64(errors), toFloat64(requests) FROM $api_mart",
	}
	for i, part := range parts {
		head, rest, _ := strings.Cut(part, "$")
		mart, scope, _ := strings.Cut(rest, " ")
		parts[i] = head + table(h.schema, mart) + " WHERE " + within + " " + scope
	}
	return fmt.Sprintf(`SELECT subject, metric, groupArray(toInt32(date - %s)), groupArray(value), groupArray(total)
FROM (
    SELECT subject, metric, date, sum(value) AS value, sum(total) AS total
    FROM (
%s
    )
    GROUP BY subject, metric, date
    ORDER BY subject, metric, date
)
GROUP BY subject, metric
ORDER BY subject, metric`, day(h.first), strings.Join(parts, "\nUNION ALL\n"))
}

// read gives the series of the platform and of every store.
func (h *history) read(ctx context.Context, w Warehouse) ([]*anomaly.Series, error) {
	var list []*anomaly.Series
	err := each(ctx, w, h.seriesQuery(), func(rows *warehouse.Rows) error {
		s := &anomaly.Series{}
		var days []int32
		var values, totals []float64
		if err := rows.Scan(&s.Subject, &s.Metric, &days, &values, &totals); err != nil {
			return err
		}
		h.fill(s, days, values, totals)
		list = append(list, s)
		return nil
	})
	hideGaps(list)
	return list, err
}

// fill lays the days that have rows over the history. A day without one counts
// 0. Nothing is known up to the first one, which may have begun at any hour, unless
// it is the history's own first.
func (h *history) fill(s *anomaly.Series, days []int32, values, totals []float64) {
	s.Kind = watched[s.Metric].kind
	s.Values = make([]float64, h.days)
	if s.Kind != anomaly.Count {
		s.Totals = make([]float64, h.days)
	}
	for d := range min(int(days[0])+1, h.days) {
		s.Values[d] = math.NaN()
	}
	for i, d := range days {
		if i == 0 && d > 0 {
			continue
		}
		s.Values[d] = values[i]
		if s.Totals != nil {
			s.Totals[d] = totals[i]
		}
	}
}

// hideGaps makes a store's day unknown on which the whole platform has nothing:
// that is the platform's alert, and no store's.
func hideGaps(list []*anomaly.Series) {
	source := map[string]string{"gmv": "orders", "orders": "orders", "store_visits": "sessions", "conversion_rate": "sessions"}
	platform := map[string]*anomaly.Series{}
	for _, s := range list {
		if s.Subject == "" {
			platform[s.Metric] = s
		}
	}
	for _, s := range list {
		of := platform[source[s.Metric]]
		if s.Subject == "" || of == nil {
			continue
		}
		for d, value := range of.Values {
			if value == 0 {
				s.Values[d] = math.NaN()
			}
		}
	}
}
