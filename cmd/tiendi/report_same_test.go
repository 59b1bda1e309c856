package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// checkSameEverywhere wants the terminal's report, its page, the API, and what the dashboard's
// cards ask for to show the same number, for each figure of a day of the platform and of a store.
func checkSameEverywhere(t *testing.T, s *shop, day string) {
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	address := startServer(t, cmd)
	defer terminate(t, cmd)
	store := s.value(t, "select store_id from $db.order_facts where is_placed and date = '"+day+"' group by store_id order by count() desc, store_id limit 1")
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	for who, stores := range map[string][]string{"": nil, store: {"--stores", store}} {
		token := strings.TrimSpace(s.run(t, append([]string{"token"}, stores...)...).stdout)
		checkServedReports(t, s, token, address, who)
		printed := s.report(t, who, "--date", day)
		pageFlags := []string{"report", "daily", "--date", day, "--output", "html"}
		if who != "" {
			pageFlags = append(pageFlags, "--store", who)
		}
		page := s.run(t, pageFlags...).stdout
		var names []string
		for _, f := range printed.Figures {
			names = append(names, f.Metric)
		}
		question := address + "/v1/query?metrics=" + strings.Join(names, ",") + "&start=" + day + "&end=" + date.AddDate(0, 0, 1).Format(time.DateOnly)
		if who != "" {
			question += "&where=" + url.QueryEscape("store = '"+who+"'")
		}
		var byDay, cards apiAnswer
		getAPI(t, token, question+"&group_by=metric_time__day", &byDay)
		getAPI(t, token, question+"&compare=previous_period", &cards)
		for _, f := range printed.Figures {
			for what, answer := range map[string]apiAnswer{"API": byDay, "dashboard": cards} {
				got := answer.value(t, f.Metric)
				if (got == nil) != (f.Value == nil) || got != nil && !closeTo(f.Value, got.rat()) {
					t.Errorf("%q: %s is %s to the terminal, %s to the %s", who, f.Metric, f.Value, got, what)
				}
			}
			if f.Value != nil && !strings.Contains(page, ">"+writtenFigure(t, f.Unit, string(*f.Value))+"<") {
				t.Errorf("%q: %s is %s to the terminal, and is not on the page", who, f.Metric, f.Value)
			}
		}
	}
}

// value is a metric's of the only row.
func (a apiAnswer) value(t *testing.T, metric string) *money {
	t.Helper()
	if len(a.Rows) != 1 {
		t.Fatalf("%d rows: %s", len(a.Rows), a.Detail)
	}
	for i, c := range a.Columns {
		if c.Name == metric {
			if a.Rows[0][i] == nil {
				return nil
			}
			m := money(fmt.Sprint(a.Rows[0][i])) // text of money, numbers of all else
			return &m
		}
	}
	t.Fatalf("the answer lacks %s", metric)
	return nil
}

// writtenFigure is a value as an English page has it.
func writtenFigure(t *testing.T, unit, value string) string {
	t.Helper()
	v, err := decimal.NewFromString(value)
	if err != nil {
		t.Fatal(err)
	}
	switch unit {
	case "money":
		return console.Thousands(v.StringFixed(2))
	case "rate":
		return v.Shift(2).StringFixed(1) + "%"
	case "seconds":
		return console.Thousands(v.StringFixed(1)) + " s"
	case "ms":
		return console.Thousands(v.StringFixed(0)) + " ms"
	}
	return console.Thousands(v.StringFixed(0))
}
