package main

import (
	"strings"
	"testing"
)

// TestRealData loads and builds the two public data sets and holds the figures
// that their description gives, and every KPI, against the warehouse.
func TestRealData(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	marketplace, clicks := sharedFile(t, "data/marketplace"), sharedFile(t, "data/clicks")
	s.run(t, "load", marketplace, clicks, "--allow-expired")
	built := s.run(t, "build")
	if n := strings.Count(built.stderr, "WARN "); n != 3 || !strings.Contains(built.stderr, "WARN=3 ERROR=0") {
		t.Errorf("want the 3 relationship tests between the data sets to warn, have %d:\n%s", n, built.stderr)
	}
	for sql, want := range realFigures {
		if got := s.value(t, sql); got != want {
			t.Errorf("%s = %s, want %s", sql, got, want)
		}
	}
	r := readRecount(t, marketplace, clicks+"/events.ndjson")
	t.Run("Recommend", func(t *testing.T) { checkRecommendations(t, s) })
	t.Run("Metrics", func(t *testing.T) { checkMetrics(t, s, r) })
	t.Run("Trailing", func(t *testing.T) { checkTrailing(t, s, r) })
	t.Run("TopProducts", func(t *testing.T) { checkTopProducts(t, s, r) })
	t.Run("API", func(t *testing.T) { testAPI(t, s) })
	t.Run("LoadAgain", func(t *testing.T) { testLoadAgain(t, s, marketplace, clicks) })
	t.Run("BuildAgain", func(t *testing.T) { testBuildAgain(t, s) })
	t.Run("Forget", func(t *testing.T) { testForget(t, s, r) })
}

var realFigures = map[string]string{
	"select count() from $db.orders":                                        "7433",
	"select count() from $db.order_items":                                   "7606",
	"select count() from $db.stores":                                        "1610",
	"select count() from $db.users":                                         "7263",
	"select count() from $db.products":                                      "5460",
	"select count() from $db.subscriptions_staging":                         "1801",
	"select count() from $db.events_raw":                                    "17434",
	"select count() from $db.events_staging":                                "17429",
	"select countIf(event_type = 'product_viewed') from $db.events_staging": "17051",
	"select sum(total) from $db.events_staging":                             "59442.63",
	"select count() from $db.sessions":                                      "5067",
	"select countIf(is_placed) from $db.order_facts":                        "6965",
	"select countIf(status = 'ENTREGADO') from $db.orders":                  "5242",
	"select sumIf(gmv, is_placed) from $db.sales_mart":                      "996021.39",
	"select sumIf(gmv, is_delivered) from $db.sales_mart":                   "723118.76",
	"select sumIf(units, is_delivered) from $db.sales_mart":                 "5912",
	"select sum(gmv) from $db.daily_metrics":                                "996021.39",
	"select sum(live_revenue) from $db.daily_metrics":                       "59442.63",
	"select count() from $db.load_rejects":                                  "0",
	"select sum(gmv) from $db.product_metrics":                              "996021.39",
	"select sum(sessions) from $db.traffic_mart where scope = 'platform'":   "5067",
	"select sum(web_events) from $db.traffic_mart where scope = 'platform'": "17429",
	"select sum(views) from $db.product_sessions":                           "17051",
	"select count() from $db.order_item_facts":                              "7606",
	"select countIf(is_deleted) from $db.orders_staging":                    "0",
	"select sum(revenue) from $db.daily_metrics_mv":                         "59442.63",
}
