package report

// column is a KPI's column in the daily marts.
type column struct {
	name     string
	unit     Unit
	goodDown bool
}

// vendorFigures are columns of daily_metrics, in the order of the report.
var vendorFigures = []column{
	{name: "gmv", unit: Money},
	{name: "orders", unit: Number},
	{name: "units_sold", unit: Number},
	{name: "aov", unit: Money},
	{name: "store_new_customers", unit: Number},
	{name: "store_visits", unit: Number},
	{name: "page_views", unit: Number},
	{name: "product_views", unit: Number},
	{name: "bounce_rate", unit: Rate, goodDown: true},
	{name: "avg_time_on_site_s", unit: Seconds},
	{name: "conversion_rate", unit: Rate},
	{name: "add_to_cart_rate", unit: Rate},
	{name: "cart_abandonment_rate", unit: Rate, goodDown: true},
	{name: "checkout_completion_rate", unit: Rate},
}

// adminFigures are columns of platform_daily_metrics.
var adminFigures = []column{
	{name: "gmv", unit: Money},
	{name: "orders", unit: Number},
	{name: "units_sold", unit: Number},
	{name: "aov", unit: Money},
	{name: "active_stores", unit: Number},
	{name: "active_users", unit: Number},
	{name: "new_users", unit: Number},
	{name: "new_stores", unit: Number},
	{name: "new_customers", unit: Number},
	{name: "sessions", unit: Number},
	{name: "page_views", unit: Number},
	{name: "bounce_rate", unit: Rate, goodDown: true},
	{name: "conversion_rate", unit: Rate},
	{name: "cart_abandonment_rate", unit: Rate, goodDown: true},
	{name: "payment_success_rate", unit: Rate},
	{name: "api_latency_p95_ms", unit: Millis, goodDown: true},
	{name: "api_error_rate", unit: Rate, goodDown: true},
	{name: "uptime", unit: Rate},
}

// subject is what a report is about: which mart holds its days and which rows
// of the marts are its own.
type subject struct {
	mart    string
	columns []column
	scope   string // of funnel_mart
	store   string // store id, "" for the platform
}

func subjectOf(a Audience, store *Store) subject {
	if a == Vendor {
		return subject{mart: "daily_metrics", columns: vendorFigures, scope: "store", store: store.ID}
	}
	return subject{mart: "platform_daily_metrics", columns: adminFigures, scope: "platform"}
}
