package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/generate"
)

// TestGenerated makes a marketplace up to today, loads and builds it, and holds
// the warehouse against the generator's own ledger, against the KPIs counted
// from the files, and against the example queries of the first design.
func TestGenerated(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	data := filepath.Join(s.dir, "data")
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	s.run(t, "generate", "--out", data, "--days", "100", "--stores", "12", "--users", "400", "--anomaly", yesterday+":drop")
	joinDays(t, data)
	s.run(t, "load", data)
	s.run(t, "build")
	ledger := readLedgerFile(t, data)
	t.Run("Ledger", func(t *testing.T) { checkLedger(t, s, ledger) })
	r := readRecount(t, filepath.Join(data, "marketplace"), eventFiles(t, data)...)
	t.Run("Recount", func(t *testing.T) { checkRecount(t, s, r, ledger) })
	t.Run("Metrics", func(t *testing.T) { checkMetrics(t, s, r) })
	t.Run("TopProducts", func(t *testing.T) { checkTopProducts(t, s, r) })
	t.Run("Report", func(t *testing.T) { checkReports(t, s, r) })
	t.Run("SameEverywhere", func(t *testing.T) { checkSameEverywhere(t, s, yesterday) })
	t.Run("Pages", func(t *testing.T) { checkPages(t, s) })
	t.Run("Sending", func(t *testing.T) { checkSending(t, s, yesterday) })
	t.Run("Anomalies", func(t *testing.T) { checkAnomalies(t, s, yesterday) })
	t.Run("Alerts", func(t *testing.T) { checkAlerts(t, s, yesterday) })
	t.Run("Dashboard", func(t *testing.T) { testDashboard(t, s) })
	t.Run("Examples", func(t *testing.T) { checkExamples(t, s, r) })
}

func readLedgerFile(t *testing.T, dir string) generate.Ledger {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, generate.LedgerName))
	if err != nil {
		t.Fatal(err)
	}
	var l generate.Ledger
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func eventFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "events", "*.ndjson"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no event files in %s: %v", dir, err)
	}
	slices.Sort(names)
	return names
}

// ledgerQueries give the figures of the ledger from the warehouse.
func ledgerQueries(l generate.Ledger) map[string]string {
	n := func(v int64) string { return fmt.Sprint(v) }
	want := map[string]string{
		"select count() from $db.stores":                              n(l.Tables.Stores),
		"select count() from $db.users":                               n(l.Tables.Users),
		"select count() from $db.products":                            n(l.Tables.Products),
		"select count() from $db.products_raw":                        n(l.Tables.ProductVersions),
		"select count() from $db.orders":                              n(l.Tables.Orders),
		"select count() from $db.orders_raw":                          n(l.Tables.OrderVersions),
		"select count() from $db.order_items":                         n(l.Tables.OrderItems),
		"select count() from $db.subscriptions_staging":               n(l.Tables.Subscriptions),
		"select count() from $db.events_staging":                      n(l.Events.Distinct),
		"select uniqExact(event_id) from $db.events_raw":              n(l.Events.Distinct),
		"select countIf(is_bot) from $db.events_staging":              n(l.Events.Bots),
		"select count() from $db.sessions":                            n(l.Events.Sessions),
		"select sumIf(gmv, is_placed) from $db.sales_mart":            l.Sales.GMV,
		"select sumIf(units, is_placed) from $db.sales_mart":          n(l.Sales.Units),
		"select sumIf(gmv, is_delivered) from $db.sales_mart":         l.Sales.DeliveredGMV,
		"select sumIf(units, is_delivered) from $db.sales_mart":       n(l.Sales.DeliveredUnits),
		"select sumIf(commission, is_delivered) from $db.order_facts": l.Sales.Commissions,
		"select sum(total) from $db.events_staging":                   l.Sales.PurchasesTotal,
		"select countIf(is_succeeded) from $db.payments_mart":         n(l.Payments.Succeeded),
		"select countIf(not is_succeeded) from $db.payments_mart":     n(l.Payments.Failed),
		"select sum(due_minutes) from $db.uptime_mart":                n(l.Probes.Due),
		"select sum(up_minutes) from $db.uptime_mart":                 n(l.Probes.Up),
		"select count() from $db.load_rejects":                        "0",
		"select sum(gmv) from $db.daily_metrics":                      l.Sales.GMV,
	}
	for kind, count := range l.Events.ByType {
		want[fmt.Sprintf("select count() from $db.events_staging where event_type = '%s'", kind)] = n(count)
	}
	for status, count := range l.Sales.ByStatus {
		want[fmt.Sprintf("select count() from $db.orders where status = '%s'", status)] = n(count)
	}
	for _, d := range l.Days {
		want[fmt.Sprintf("select count() from $db.events_staging where toDate(timestamp) = '%s'", d.Date)] = n(d.Events)
		want[fmt.Sprintf("select sumIf(orders, is_placed) from $db.sales_mart where date = '%s'", d.Date)] = n(d.Orders)
		want[fmt.Sprintf("select sumIf(gmv, is_placed) from $db.sales_mart where date = '%s'", d.Date)] = d.GMV
	}
	return want
}

func checkLedger(t *testing.T, s *shop, l generate.Ledger) {
	if l.Events.Duplicates == 0 || l.Events.Late == 0 || l.Events.Bots == 0 || l.Payments.Failed == 0 || l.Probes.Due == l.Probes.Up {
		t.Fatalf("the ledger %+v lacks something that is to be tried", l.Events)
	}
	for sql, want := range ledgerQueries(l) {
		got := s.value(t, sql)
		if rat(got).Cmp(rat(want)) != 0 || got == "" {
			t.Errorf("%s = %s, the ledger has %s", sql, got, want)
		}
	}
}

// checkRecount makes sure that the other way of counting is right itself, and
// that raw holds each line as often as the file that repeats it most: the same
// line in another file is the same row.
func checkRecount(t *testing.T, s *shop, r *recount, l generate.Ledger) {
	for what, pair := range map[string][2]int64{
		"lines":    {int64(r.lines), l.Events.Lines},
		"distinct": {int64(len(r.events)), l.Events.Distinct},
		"sessions": {int64(len(r.sessions)), l.Events.Sessions},
		"raw":      {whole(t, s.value(t, "select count() from $db.events_raw")), int64(r.rawLines)},
		"payments": {int64(len(r.finalPayments())), l.Payments.Succeeded + l.Payments.Failed},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %d, want %d", what, pair[0], pair[1])
		}
	}
}
