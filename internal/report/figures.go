package report

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/semantic"
)

// figures are the metrics of a daily or weekly report, in its order. What they
// mean, and how they are written, is the project's to say.
var figures = map[Audience][]string{
	Vendor: {
		"gmv", "orders", "units_sold", "aov", "store_new_customers", "returning_customers", "store_visits", "page_views",
		"bounce_rate", "avg_time_on_site_s", "conversion_rate", "add_to_cart_rate", "cart_abandonment_rate", "checkout_completion_rate",
	},
	Admin: {
		"gmv", "orders", "aov", "active_stores", "active_users", "new_users", "new_stores", "new_customers", "sessions", "page_views",
		"bounce_rate", "conversion_rate", "cart_abandonment_rate", "payment_success_rate", "api_latency_p95_ms", "api_error_rate", "uptime",
	},
}

// goodDown are the metrics of which less is better.
var goodDown = map[string]bool{
	"bounce_rate": true, "cart_abandonment_rate": true, "api_latency_p95_ms": true, "api_error_rate": true,
}

// metricsOf finds the metrics of these names.
func metricsOf(m *semantic.Manifest, names []string) ([]*semantic.Metric, error) {
	byName := map[string]*semantic.Metric{}
	for _, metric := range m.Metrics {
		byName[metric.Name] = metric
	}
	list := make([]*semantic.Metric, len(names))
	for i, name := range names {
		if list[i] = byName[name]; list[i] == nil {
			return nil, fmt.Errorf("the project has no metric %q: reports read the metrics of the marketplace project (tiendi init writes it)", name)
		}
	}
	return list, nil
}

// counts says whether a metric is 0, and not unknown, where nothing happened.
func counts(m *semantic.Metric) bool {
	return m.Type == "simple" && m.Measure != nil && m.Measure.Fill != nil
}
