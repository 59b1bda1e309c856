package report

import "cmp"

// figure says where a KPI's values come from: a column of the query that
// defines it in the project (an analysis below analyses/kpi).
type figure struct {
	kpi      string // name of the analysis
	column   string
	metric   string // the metric's name, "" where the column is called the same
	unit     Unit
	goodDown bool
	platform bool // the query knows the whole platform only: no scope, no store
	counts   bool // a sum or a count: 0 on a day on which nothing happened
}

// name is the metric's, which stands for its definition alone: a report never
// gives a figure the name of another metric.
func (f figure) name() string {
	return cmp.Or(f.metric, f.column)
}

// vendorFigures are a store's, in the order of the report.
var vendorFigures = []figure{
	{kpi: "sales", column: "gmv", unit: Money, counts: true},
	{kpi: "sales", column: "orders", unit: Number, counts: true},
	{kpi: "sales", column: "units_sold", unit: Number, counts: true},
	{kpi: "sales", column: "aov", unit: Money},
	{kpi: "customers", column: "store_new_customers", unit: Number, counts: true},
	{kpi: "customers", column: "returning_customers", unit: Number, counts: true},
	{kpi: "traffic", column: "sessions", metric: "store_visits", unit: Number, counts: true},
	{kpi: "traffic", column: "page_views", unit: Number, counts: true},
	{kpi: "traffic", column: "bounce_rate", unit: Rate, goodDown: true},
	{kpi: "traffic", column: "avg_time_on_site_s", unit: Seconds},
	{kpi: "traffic", column: "conversion_rate", unit: Rate},
	{kpi: "traffic", column: "add_to_cart_rate", unit: Rate},
	{kpi: "traffic", column: "cart_abandonment_rate", unit: Rate, goodDown: true},
	{kpi: "traffic", column: "checkout_completion_rate", unit: Rate},
}

// adminFigures are the platform's.
var adminFigures = []figure{
	{kpi: "sales", column: "gmv", unit: Money, counts: true},
	{kpi: "sales", column: "orders", unit: Number, counts: true},
	{kpi: "sales", column: "aov", unit: Money},
	{kpi: "active_stores", column: "active_stores", unit: Number, platform: true, counts: true},
	{kpi: "active_users", column: "active_users", unit: Number, platform: true, counts: true},
	{kpi: "growth", column: "new_users", unit: Number, platform: true, counts: true},
	{kpi: "growth", column: "new_stores", unit: Number, platform: true, counts: true},
	{kpi: "customers", column: "new_customers", unit: Number, counts: true},
	{kpi: "traffic", column: "sessions", unit: Number, counts: true},
	{kpi: "traffic", column: "page_views", unit: Number, counts: true},
	{kpi: "traffic", column: "bounce_rate", unit: Rate, goodDown: true},
	{kpi: "traffic", column: "conversion_rate", unit: Rate},
	{kpi: "traffic", column: "cart_abandonment_rate", unit: Rate, goodDown: true},
	{kpi: "payment_success_rate", column: "payment_success_rate", unit: Rate},
	{kpi: "api", column: "api_latency_p95_ms", unit: Millis, goodDown: true, platform: true},
	{kpi: "api", column: "api_error_rate", unit: Rate, goodDown: true, platform: true},
	{kpi: "uptime", column: "uptime", unit: Rate, platform: true},
}

// subject is what a report is about, and so which rows of the marts are its.
type subject struct {
	figures []figure
	scope   string // store or platform, as the marts have it
	store   string // store id, "" for the platform
}

func subjectOf(a Audience, store *Store) subject {
	if a == Vendor {
		return subject{figures: vendorFigures, scope: "store", store: store.ID}
	}
	return subject{figures: adminFigures, scope: "platform"}
}

// kpis lists the queries that the subject's figures come from, each once, in
// the order of their first use.
func (s subject) kpis() []string {
	var names []string
	seen := map[string]bool{}
	for _, f := range s.figures {
		if !seen[f.kpi] {
			seen[f.kpi] = true
			names = append(names, f.kpi)
		}
	}
	return names
}
