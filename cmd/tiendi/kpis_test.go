package main

import (
	"strconv"
	"time"
)

// kpi says how to count a KPI by another way than the models'.
type kpi struct {
	name  string
	count func(*recount) figures
	rate  bool // null where there is nothing; a sum or count is 0 there
}

func percentile(percent int) func(*recount) figures {
	return func(r *recount) figures { return r.apiLatency(percent) }
}

func movement(name string) func(*recount) figures {
	return func(r *recount) figures { return r.mrr(name) }
}

var kpis = []kpi{
	{"gmv", (*recount).gmv, false},
	{"orders", (*recount).orderCount, false},
	{"units_sold", (*recount).unitsSold, false},
	{"aov", (*recount).aov, true},
	{"delivered_gmv", (*recount).deliveredGMV, false},
	{"delivered_orders", (*recount).deliveredOrders, false},
	{"delivered_units", (*recount).deliveredUnits, false},
	{"delivered_aov", (*recount).deliveredAOV, true},
	{"gmv_by_category", (*recount).categoryGMV, false},
	{"units_sold_by_category", (*recount).categoryUnits, false},
	{"top_products", (*recount).topProducts, true},
	{"gmv_by_product", (*recount).productGMV, false},
	{"units_sold_by_product", (*recount).productUnits, false},
	{"product_views", (*recount).productViews, false},
	{"product_conversion_rate", (*recount).productConversion, true},
	{"stock_on_hand", (*recount).stockOnHand, true},
	{"sell_through_rate", (*recount).sellThrough, true},
	{"new_customers", (*recount).newCustomers, false},
	{"store_new_customers", (*recount).storeNewCustomers, false},
	{"returning_customers", (*recount).returningCustomers, false},
	{"retention_rate", (*recount).retention, true},
	{"customer_ltv", (*recount).customerLTV, true},
	{"store_visits", (*recount).sessionCount, false},
	{"page_views", (*recount).pageViews, false},
	{"bounce_rate", (*recount).bounceRate, true},
	{"engaged_session_rate", (*recount).engagedRate, true},
	{"avg_time_on_site_s", (*recount).timeOnSite, true},
	{"conversion_rate", (*recount).conversionRate, true},
	{"add_to_cart_rate", (*recount).cartRate, true},
	{"cart_abandonment_rate", (*recount).cartAbandonment, true},
	{"checkout_completion_rate", (*recount).checkoutCompletion, true},
	{"live_revenue", (*recount).liveRevenue, false},
	{"funnel", (*recount).funnel, false},
	{"store_visits_by_source", (*recount).sourceSessions, false},
	{"page_views_by_source", (*recount).sourcePageViews, false},
	{"commissions", (*recount).commissions, false},
	{"take_rate", (*recount).takeRate, true},
	{"active_stores", (*recount).activeStores, false},
	{"active_users", (*recount).activeUsers, false},
	{"new_stores", (*recount).newStores, false},
	{"new_users", (*recount).newUsers, false},
	{"store_churn_rate", (*recount).storeChurn, true},
	{"user_churn_rate", (*recount).userChurn, true},
	{"mrr", movement("mrr"), false},
	{"new_mrr", movement("new_mrr"), false},
	{"expansion_mrr", movement("expansion_mrr"), false},
	{"contraction_mrr", movement("contraction_mrr"), false},
	{"churned_mrr", movement("churned_mrr"), false},
	{"reactivated_mrr", movement("reactivated_mrr"), false},
	{"api_latency_p50_ms", percentile(50), true},
	{"api_latency_p95_ms", percentile(95), true},
	{"api_latency_p99_ms", percentile(99), true},
	{"api_error_rate", (*recount).apiErrorRate, true},
	{"uptime", (*recount).uptime, true},
	{"payment_success_rate", (*recount).paymentSuccess, true},
}

// monthAfter is the first day of the month so many months after a cohort's.
func monthAfter(cohort, months string) string {
	month, err := time.Parse(time.DateOnly, cohort)
	if err != nil {
		return err.Error()
	}
	n, err := strconv.Atoi(months)
	if err != nil {
		return err.Error()
	}
	return month.AddDate(0, n, 0).Format(time.DateOnly)
}
