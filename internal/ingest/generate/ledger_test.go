package generate

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/event"
)

// recounted is the ledger as a stranger makes it from the files. What cannot
// be read from them (the options, the files' sizes) is copied.
func recounted(t *testing.T, dir string, l *Ledger) *Ledger {
	t.Helper()
	got := *l
	lines := readEvents(t, dir)
	events := distinct(t, lines)
	got.Events = recountEvents(lines, events)
	got.Payments, got.Probes = recountServer(events, l)
	orders := currentOrders(t, dir)
	got.Tables = Tables{
		Stores:          int64(len(readTable(t, dir, "stores"))),
		Users:           int64(len(readTable(t, dir, "users"))),
		Products:        int64(len(productVersions(t, dir))),
		ProductVersions: int64(len(readTable(t, dir, "products"))),
		Orders:          int64(len(orders)),
		OrderVersions:   int64(len(readTable(t, dir, "orders"))),
		OrderItems:      int64(len(readTable(t, dir, "order_items"))),
		Subscriptions:   int64(len(readTable(t, dir, "subscriptions"))),
	}
	got.Sales = recountSales(t, dir, orders)
	got.Days = recountDays(t, dir, l, events, orders)
	return &got
}

func recountEvents(lines, events []readEvent) Events {
	e := Events{
		Lines: int64(len(lines)), Distinct: int64(len(events)), Duplicates: int64(len(lines) - len(events)),
		ByType: map[event.Type]int64{}, Sessions: countSessions(webSessions(events)),
	}
	newest := lines[0].Timestamp
	for _, line := range lines {
		if newest.Sub(line.Timestamp) > time.Minute {
			e.Late++
		}
		if line.Timestamp.After(newest) {
			newest = line.Timestamp
		}
	}
	for _, ev := range events {
		e.ByType[ev.Type]++
		if isBot(ev) {
			e.Bots++
		}
	}
	return e
}

func recountServer(events []readEvent, l *Ledger) (Payments, Probes) {
	var probes Probes
	last := map[string]readEvent{}
	for _, e := range events {
		switch e.Type {
		case event.PaymentFailed, event.PaymentSucceeded:
			if before, seen := last[e.props.PaymentID]; !seen || before.Timestamp.Before(e.Timestamp) {
				last[e.props.PaymentID] = e
			}
		case event.HealthProbe:
			if e.props.Status < 500 {
				probes.Up++
			}
		}
	}
	var payments Payments
	for _, e := range last {
		if e.Type == event.PaymentSucceeded {
			payments.Succeeded++
		} else {
			payments.Failed++
		}
	}
	probes.Due = int64(l.To.Sub(l.From) / (10 * time.Minute)) // as small() says
	return payments, probes
}

// currentOrders keeps the newest version of each order.
func currentOrders(t *testing.T, dir string) map[string]row {
	t.Helper()
	current := map[string]row{}
	for _, r := range readTable(t, dir, "orders") {
		before, seen := current[r["id"]]
		if seen && !r.time(t, "updated_at").After(before.time(t, "updated_at")) {
			t.Fatalf("order %s: versions out of order", r["id"])
		}
		current[r["id"]] = r
	}
	return current
}

func productVersions(t *testing.T, dir string) map[string][]row {
	t.Helper()
	versions := map[string][]row{}
	for _, r := range readTable(t, dir, "products") {
		versions[r["id"]] = append(versions[r["id"]], r)
	}
	return versions
}

func itemsByOrder(t *testing.T, dir string) map[string][]row {
	t.Helper()
	items := map[string][]row{}
	for _, r := range readTable(t, dir, "order_items") {
		items[r["order_id"]] = append(items[r["order_id"]], r)
	}
	return items
}

func recountSales(t *testing.T, dir string, orders map[string]row) Sales {
	t.Helper()
	rates := map[string]decimal.Decimal{}
	for _, s := range readTable(t, dir, "stores") {
		rates[s["id"]] = s.money(t, "commission_rate")
	}
	s := Sales{ByStatus: map[string]int64{}}
	for _, name := range statusNames {
		s.ByStatus[name] = 0
	}
	var gmv, delivered, commissions, purchases decimal.Decimal
	items := itemsByOrder(t, dir)
	for id, o := range orders {
		s.ByStatus[o["status"]]++
		purchases = purchases.Add(o.money(t, "total"))
		for _, item := range items[id] {
			subtotal, units := item.money(t, "subtotal"), item.money(t, "quantity").IntPart()
			if o["status"] != "CANCELADO" {
				gmv = gmv.Add(subtotal)
				s.Units += units
			}
			if o["status"] == "ENTREGADO" {
				delivered = delivered.Add(subtotal)
				s.DeliveredUnits += units
				commissions = commissions.Add(subtotal.Mul(rates[o["store_id"]]))
			}
		}
	}
	s.GMV, s.DeliveredGMV, s.PurchasesTotal = gmv.StringFixed(2), delivered.StringFixed(2), purchases.StringFixed(2)
	s.Commissions = commissions.StringFixed(4)
	return s
}

func recountDays(t *testing.T, dir string, l *Ledger, events []readEvent, orders map[string]row) []DayTotal {
	t.Helper()
	counts := map[string]*DayTotal{}
	sums := map[string]decimal.Decimal{}
	var days []DayTotal
	for at := l.From; at.Before(l.To); at = at.AddDate(0, 0, 1) {
		counts[at.Format(time.DateOnly)] = &DayTotal{Date: at.Format(time.DateOnly)}
	}
	for _, e := range events {
		counts[e.Timestamp.UTC().Format(time.DateOnly)].Events++
	}
	for _, o := range orders {
		if day := o.time(t, "created_at").Format(time.DateOnly); o["status"] != "CANCELADO" {
			counts[day].Orders++
			sums[day] = sums[day].Add(o.money(t, "subtotal"))
		}
	}
	for at := l.From; at.Before(l.To); at = at.AddDate(0, 0, 1) {
		day := counts[at.Format(time.DateOnly)]
		day.GMV = sums[day.Date].StringFixed(2)
		days = append(days, *day)
	}
	return days
}

func TestLedgerEqualsARecountOfTheFiles(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2025, 11, n, 0, 0, 0, 0, time.UTC) }
	busy := small(t)
	busy.Users, busy.Stores, busy.History = 90, 80, true
	busy.Anomalies = []Anomaly{{day(13), Spike}, {day(15), Outage}, {day(17), PaymentFailures}, {day(19), Drop}}
	for name, o := range map[string]Options{"plain": small(t), "busy": busy} {
		t.Run(name, func(t *testing.T) {
			l := run(t, o)
			onDisk, err := readLedger(o.Out)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(onDisk, l) {
				t.Error("Run's ledger is not the one it wrote")
			}
			compareLedgers(t, recounted(t, o.Out, l), l)
		})
	}
}

func compareLedgers(t *testing.T, got, want *Ledger) {
	t.Helper()
	a, b := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			t.Errorf("%s: files have %+v\nledger says %+v", a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	}
	for typ := range maps.Keys(want.Events.ByType) {
		if !typ.Known() {
			t.Errorf("unknown event type %q", typ)
		}
	}
	e := want.Events
	if e.Duplicates == 0 || e.Late == 0 || e.Bots == 0 || len(e.ByType) != len(event.Types()) {
		t.Errorf("duplicates, late events, bots and all types are wanted: %+v", e)
	}
}

func TestLedgerListsTheFiles(t *testing.T) {
	o := small(t)
	for _, f := range run(t, o).Files {
		content := read(t, o.Out, f.Path)
		rows := int64(0)
		for _, c := range content {
			if c == '\n' {
				rows++
			}
		}
		if f.Path[:6] == "market" {
			rows-- // the header
		}
		if rows != f.Rows || int64(len(content)) != f.Bytes {
			t.Errorf("%s has %d rows in %d bytes, ledger says %d in %d", f.Path, rows, len(content), f.Rows, f.Bytes)
		}
	}
}
