package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// metricKPI says how `tiendi query` is asked for a KPI. Grains are those that
// the KPI is known by; scopes whether it is of the platform, of each store, or
// of the platform alone, which the recount has without a scope.
type metricKPI struct {
	kpi, metric string
	items       []string
	grains      []string
	scopes      []string
}

var (
	everyGrain  = []string{"day", "week", "month", "quarter", "year"}
	monthly     = []string{"month"}
	bothScopes  = []string{"platform", "store"}
	unscoped    = []string{""}
	ofStores    = []string{"store"}
	noTimeGrain = []string{""}
)

// metricKPIs lists every KPI that the recount counts.
func metricKPIs() []metricKPI {
	var all []metricKPI
	add := func(grains, scopes, items []string, names ...string) {
		for _, name := range names {
			kpi, metric, renamed := strings.Cut(name, "=")
			if !renamed {
				metric = kpi
			}
			all = append(all, metricKPI{kpi, metric, items, grains, scopes})
		}
	}
	add(everyGrain, bothScopes, nil, "gmv", "orders", "units_sold", "aov", "delivered_gmv", "delivered_orders", "delivered_units",
		"delivered_aov", "new_customers", "returning_customers", "page_views", "bounce_rate", "engaged_session_rate",
		"avg_time_on_site_s", "conversion_rate", "add_to_cart_rate", "cart_abandonment_rate", "checkout_completion_rate",
		"live_revenue", "commissions", "take_rate", "payment_success_rate", "store_visits=sessions")
	add(everyGrain, ofStores, nil, "store_new_customers", "store_visits")
	add(monthly, bothScopes, nil, "stock_on_hand", "sell_through_rate")
	add(everyGrain, unscoped, nil, "active_stores", "active_users", "new_stores", "new_users", "store_churn_rate", "user_churn_rate",
		"api_latency_p50_ms", "api_latency_p95_ms", "api_latency_p99_ms", "api_error_rate", "uptime")
	add(monthly, unscoped, nil, "mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "reactivated_mrr")
	add(everyGrain, bothScopes, []string{"product__category"}, "gmv_by_category=gmv", "units_sold_by_category=units_sold")
	add(everyGrain, bothScopes, []string{"product"}, "gmv_by_product=gmv", "units_sold_by_product=units_sold",
		"product_views", "product_conversion_rate")
	add(everyGrain, bothScopes, []string{"funnel__step"}, "funnel")
	add(everyGrain, bothScopes, []string{"session__traffic_source", "session__device_type"},
		"store_visits_by_source=sessions", "page_views_by_source=page_views")
	add(monthly, bothScopes, []string{"cohort__months_since_first"}, "retention_rate")
	add(noTimeGrain, ofStores, nil, "customer_ltv")
	return all
}

// checkMetrics holds every KPI as `tiendi query` computes it against what is
// counted from the files.
func checkMetrics(t *testing.T, s *shop, r *recount) {
	answers := map[string][]tuple{}
	tested := map[string]bool{"top_products": true} // an order, not a figure
	all := metricKPIs()
	for _, m := range all {
		tested[m.kpi] = true
	}
	for _, k := range kpis {
		if !tested[k.name] {
			t.Errorf("KPI %s is asked of no metric", k.name)
		}
	}
	for _, m := range all {
		t.Run(m.kpi+"_as_"+m.metric, func(t *testing.T) {
			k := kpiOf(t, m.kpi)
			want, got := figures{}, figures{}
			for key, value := range k.counted(r) {
				if m.covers(key) {
					want[key] = value
				}
			}
			for _, grain := range m.grains {
				for _, scope := range m.scopes {
					m.read(t, s, answers, all, grain, scope, got)
				}
			}
			compareFigures(t, k, got, want)
		})
	}
}

// covers says whether a figure is among those that are asked for; the recount
// keeps retention without a grain, under the month of the cohort.
func (m metricKPI) covers(key at) bool {
	grain := key.grain
	if m.kpi == "retention_rate" {
		grain = "month"
	}
	return slices.Contains(m.grains, grain) && (slices.Contains(m.scopes, key.scope) || m.kpi == "customer_ltv")
}

// read asks for the metric, together with all others that are grouped alike.
func (m metricKPI) read(t *testing.T, s *shop, answers map[string][]tuple, all []metricKPI, grain, scope string, got figures) {
	t.Helper()
	by := m.groupBy(grain, scope)
	asked := scope + " by " + by
	if answers[asked] == nil {
		var names []string
		for _, other := range all {
			if slices.Contains(other.grains, grain) && slices.Contains(other.scopes, scope) && other.groupBy(grain, scope) == by && !slices.Contains(names, other.metric) {
				names = append(names, other.metric)
			}
		}
		answers[asked] = s.metrics(t, "--sparse", "--metrics", strings.Join(names, ","), "--group-by", by)
	}
	for _, row := range answers[asked] {
		if text := row.text(m.metric); text != "" && row.text("store") != noStore {
			got[m.key(row, grain, scope)] = rat(text)
		}
	}
}

func (m metricKPI) groupBy(grain, scope string) string {
	by := append([]string(nil), m.items...)
	if grain != "" {
		by = append(by, "metric_time__"+grain)
	}
	if scope == "store" {
		by = append(by, "store")
	}
	return strings.Join(by, ",")
}

// key is where the recount has the figure of a row.
func (m metricKPI) key(row tuple, grain, scope string) at {
	key := at{grain: grain, period: row.text("metric_time__" + grain), scope: scope}
	switch {
	case scope == "store":
		key.store = row.text("store")
	case scope == "platform":
		key.store = noStore
	}
	var items []string
	for _, it := range m.items {
		items = append(items, row.text(it))
	}
	key.item = strings.Join(items, " ")
	switch m.kpi {
	case "retention_rate":
		key.grain = ""
		key.item = monthAfter(key.period, key.item)
	case "customer_ltv":
		key.scope = ""
	}
	return key
}

// metrics runs `tiendi query` and gives all rows.
func (s *shop) metrics(t testing.TB, flags ...string) []tuple {
	t.Helper()
	o := s.run(t, append([]string{"query", "--output", "json"}, flags...)...)
	d := json.NewDecoder(strings.NewReader(o.stdout))
	d.UseNumber()
	var rows []tuple
	if err := d.Decode(&rows); err != nil {
		t.Fatalf("query %s printed no JSON: %v", strings.Join(flags, " "), err)
	}
	return rows
}
