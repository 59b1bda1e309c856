package main

import (
	"fmt"
	"time"
)

// kpi says which column of which analysis answers a KPI, and how to count it
// by another way.
type kpi struct {
	name, analysis, column string
	item                   func(tuple) string // nil: the KPI has no items
	count                  func(*recount) figures
	rate                   bool // null where there is nothing; a sum or count is 0 there
}

func column(name string) func(tuple) string {
	return func(r tuple) string { return r.text(name) }
}

func percentile(percent int) func(*recount) figures {
	return func(r *recount) figures { return r.apiLatency(percent) }
}

func movement(name string) func(*recount) figures {
	return func(r *recount) figures { return r.mrr(name) }
}

var kpis = []kpi{
	{"gmv", "sales", "gmv", nil, (*recount).gmv, false},
	{"orders", "sales", "orders", nil, (*recount).orderCount, false},
	{"units_sold", "sales", "units_sold", nil, (*recount).unitsSold, false},
	{"aov", "sales", "aov", nil, (*recount).aov, true},
	{"delivered_gmv", "sales", "delivered_gmv", nil, (*recount).deliveredGMV, false},
	{"delivered_orders", "sales", "delivered_orders", nil, (*recount).deliveredOrders, false},
	{"delivered_units", "sales", "delivered_units", nil, (*recount).deliveredUnits, false},
	{"delivered_aov", "sales", "delivered_aov", nil, (*recount).deliveredAOV, true},
	{"gmv_by_category", "sales_by_category", "gmv", column("category"), (*recount).categoryGMV, false},
	{"units_sold_by_category", "sales_by_category", "units_sold", column("category"), (*recount).categoryUnits, false},
	{"top_products", "top_products", "place", column("product_id"), (*recount).topProducts, true},
	{"gmv_by_product", "top_products", "gmv", column("product_id"), (*recount).productGMV, false},
	{"units_sold_by_product", "top_products", "units_sold", column("product_id"), (*recount).productUnits, false},
	{"product_views", "product_views", "product_views", column("product_id"), (*recount).productViews, false},
	{"product_conversion_rate", "product_views", "product_conversion_rate", column("product_id"), (*recount).productConversion, true},
	{"stock_on_hand", "stock", "stock_on_hand", nil, (*recount).stockOnHand, true},
	{"sell_through_rate", "stock", "sell_through_rate", nil, (*recount).sellThrough, true},
	{"new_customers", "customers", "new_customers", nil, (*recount).newCustomers, false},
	{"store_new_customers", "customers", "store_new_customers", nil, (*recount).storeNewCustomers, false},
	{"returning_customers", "customers", "returning_customers", nil, (*recount).returningCustomers, false},
	{"retention_rate", "retention_rate", "retention_rate", cohortMonth, (*recount).retention, true},
	{"customer_ltv", "customer_ltv", "customer_ltv", nil, (*recount).customerLTV, true},
	{"store_visits", "traffic", "sessions", nil, (*recount).sessionCount, false},
	{"page_views", "traffic", "page_views", nil, (*recount).pageViews, false},
	{"bounce_rate", "traffic", "bounce_rate", nil, (*recount).bounceRate, true},
	{"engaged_session_rate", "traffic", "engaged_session_rate", nil, (*recount).engagedRate, true},
	{"avg_time_on_site_s", "traffic", "avg_time_on_site_s", nil, (*recount).timeOnSite, true},
	{"conversion_rate", "traffic", "conversion_rate", nil, (*recount).conversionRate, true},
	{"add_to_cart_rate", "traffic", "add_to_cart_rate", nil, (*recount).cartRate, true},
	{"cart_abandonment_rate", "traffic", "cart_abandonment_rate", nil, (*recount).cartAbandonment, true},
	{"checkout_completion_rate", "traffic", "checkout_completion_rate", nil, (*recount).checkoutCompletion, true},
	{"live_revenue", "traffic", "live_revenue", nil, (*recount).liveRevenue, false},
	{"funnel", "funnel", "sessions", column("step"), (*recount).funnel, false},
	{"store_visits_by_source", "traffic_by_source", "sessions", sourceColumns, (*recount).sourceSessions, false},
	{"page_views_by_source", "traffic_by_source", "page_views", sourceColumns, (*recount).sourcePageViews, false},
	{"commissions", "commissions", "commissions", nil, (*recount).commissions, false},
	{"take_rate", "commissions", "take_rate", nil, (*recount).takeRate, true},
	{"active_stores", "active_stores", "active_stores", nil, (*recount).activeStores, false},
	{"active_users", "active_users", "active_users", nil, (*recount).activeUsers, false},
	{"new_stores", "growth", "new_stores", nil, (*recount).newStores, false},
	{"new_users", "growth", "new_users", nil, (*recount).newUsers, false},
	{"store_churn_rate", "store_churn_rate", "store_churn_rate", nil, (*recount).storeChurn, true},
	{"user_churn_rate", "user_churn_rate", "user_churn_rate", nil, (*recount).userChurn, true},
	{"mrr", "mrr", "mrr", nil, movement("mrr"), false},
	{"new_mrr", "mrr", "new_mrr", nil, movement("new_mrr"), false},
	{"expansion_mrr", "mrr", "expansion_mrr", nil, movement("expansion_mrr"), false},
	{"contraction_mrr", "mrr", "contraction_mrr", nil, movement("contraction_mrr"), false},
	{"churned_mrr", "mrr", "churned_mrr", nil, movement("churned_mrr"), false},
	{"reactivated_mrr", "mrr", "reactivated_mrr", nil, movement("reactivated_mrr"), false},
	{"api_latency_p50_ms", "api", "api_latency_p50_ms", nil, percentile(50), true},
	{"api_latency_p95_ms", "api", "api_latency_p95_ms", nil, percentile(95), true},
	{"api_latency_p99_ms", "api", "api_latency_p99_ms", nil, percentile(99), true},
	{"api_error_rate", "api", "api_error_rate", nil, (*recount).apiErrorRate, true},
	{"uptime", "uptime", "uptime", nil, (*recount).uptime, true},
	{"payment_success_rate", "payment_success_rate", "payment_success_rate", nil, (*recount).paymentSuccess, true},
}

func sourceColumns(r tuple) string { return r.text("traffic_source") + " " + r.text("device_type") }

func cohortMonth(r tuple) string {
	cohort, err := time.Parse(time.DateOnly, r.text("cohort_month"))
	if err != nil {
		return err.Error()
	}
	var months int
	if _, err := fmt.Sscan(r.text("months_since_first"), &months); err != nil {
		return err.Error()
	}
	return cohort.AddDate(0, months, 0).Format(time.DateOnly)
}
