package delivery_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

// drop is an alert of a store's metric, of the platform's for no store.
func drop(store, metric string) report.Alert {
	a := report.Alert{Metric: metric, Unit: report.Number, Value: decimal.NewFromInt(40), Expected: decimal.NewFromInt(100), Since: alertDay}
	if store != "" {
		a.Store = &report.Store{ID: store, Name: "Store " + store}
	}
	return a
}

var alertDay = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// alertsOf is the document of a store, of the administrators for none.
func alertsOf(store string, day time.Time, alerts, continuing []report.Alert) *report.Document {
	d := &report.Document{
		Kind: report.Anomalies, Start: day, End: day.AddDate(0, 0, 1), Audience: report.Admin, Currency: "USD",
		Findings: &report.Findings{Tested: 50, Alerts: alerts, Continuing: continuing},
	}
	if store != "" {
		d.Audience, d.Store = report.Vendor, &report.Store{ID: store, Name: "Store " + store}
	}
	return d
}

// TestAlertsOnce: each alert is told to a reader once. A corrected day tells what is new, the
// next day says nothing of what goes on, and who was told nothing yet is told all of it.
func TestAlertsOnce(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	l := &memory{}
	send := func(want int, to string, d *report.Document) (last deliverytest.Letter) {
		t.Helper()
		inbox.Clear()
		var plan delivery.Plan
		plan.Add(delivery.Mail, to, report.English, d, false)
		r, err := delivery.Run(t.Context(), once(plan), options(serverOf(t, inbox), l))
		letters := inbox.Letters()
		if err != nil || r.Sent != want || len(letters) != want || r.Sent+r.Before+r.Left != 1 {
			t.Fatalf("%+v, %v, %d letters, want %d", r, err, len(letters), want)
		}
		if want > 0 {
			last = letters[0]
		}
		return last
	}
	const ana = "ana@example.com"
	orders, visits := drop("a", "orders"), drop("a", "store_visits")
	send(0, ana, alertsOf("a", alertDay, nil, nil))
	first := send(1, ana, alertsOf("a", alertDay, []report.Alert{orders}, nil))
	if !strings.Contains(first.Subject, "Store a") || !strings.Contains(first.Text, "Orders") || !strings.Contains(first.HTML, ">40<") || !strings.Contains(first.HTML, "-60.0%") {
		t.Errorf("%q: %s", first.Subject, first.Text)
	}
	send(0, ana, alertsOf("a", alertDay, []report.Alert{orders}, nil))
	corrected := send(1, ana, alertsOf("a", alertDay, []report.Alert{visits, orders}, nil))
	news, before, _ := strings.Cut(corrected.Text, "Reported before")
	if !strings.Contains(news, "Store visits") || strings.Contains(news, "Orders") || !strings.Contains(before, "Orders") || corrected.ID == first.ID {
		t.Errorf("a corrected day: %s", corrected.Text)
	}
	next := alertDay.AddDate(0, 0, 1)
	send(0, ana, alertsOf("a", next, nil, []report.Alert{orders, visits}))
	send(0, ana, alertsOf("a", next, []report.Alert{orders}, nil))
	send(1, "admin@example.com", alertsOf("", next, nil, []report.Alert{orders, visits}))
	up := orders
	up.Value = decimal.NewFromInt(300)
	send(1, ana, alertsOf("a", next, []report.Alert{up}, nil))
}

// TestAlertsAgain: what a run has sent, and could not note, is sent again under the same ID.
func TestAlertsAgain(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	var plan delivery.Plan
	plan.Add(delivery.Mail, "ana@example.com", report.Spanish, alertsOf("a", alertDay, []report.Alert{drop("a", "orders"), drop("a", "gmv")}, nil), false)
	for _, fail := range []error{io.ErrUnexpectedEOF, nil} {
		if r, err := delivery.Run(t.Context(), once(plan), options(serverOf(t, inbox), &memory{fail: fail})); r.Sent != 1 || (err != nil) != (fail != nil) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if list := inbox.Letters(); len(list) != 2 || list[0].ID != list[1].ID || !strings.Contains(list[0].Subject, "Avisos del") {
		t.Errorf("%+v", list)
	}
}

// TestAlertsAreBrief: administrators read of the platform's alerts all, and of the stores' those
// that are rarest; what is only counted was told as well.
func TestAlertsAreBrief(t *testing.T) {
	var posted []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ Text string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		posted = append(posted, body.Text)
	}))
	defer server.Close()
	hook := &delivery.Hook{URL: server.URL, Secret: "s3cret", Client: server.Client(), Now: time.Now}
	alerts := []report.Alert{drop("", "sessions")}
	for i := range 3000 {
		alerts = append(alerts, drop(fmt.Sprintf("%04d", i), "orders"))
	}
	var plan delivery.Plan
	plan.Add(delivery.Webhook, "", report.English, alertsOf("", alertDay, alerts, nil), false)
	o := options(nil, &memory{})
	o.Connect = map[delivery.Channel]func() delivery.Sender{delivery.Webhook: hook.Connect}
	for _, want := range []int{1, 0} {
		if r, err := delivery.Run(t.Context(), once(plan), o); err != nil || r.Sent != want {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if len(posted) != 1 || !strings.Contains(posted[0], "Platform, Sessions: 40, expected 100 (-60.0%)") || !strings.Contains(posted[0], "Store 0019, Orders") ||
		strings.Contains(posted[0], "Store 0020") || !strings.Contains(posted[0], "2,980 of them") {
		t.Errorf("%q", posted)
	}
}
