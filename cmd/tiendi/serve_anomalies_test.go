package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// unusualAnswer is what /v1/anomalies gives.
type unusualAnswer struct {
	Searched struct{ Start, End string }
	Tested   int
	Alerts   []unusualAlert
}

type unusualAlert struct {
	Date, Store, Metric string
	Value               any
	StoreID             string `json:"store_id"`
	Repeated            bool
}

func unusualDays(t *testing.T, address, token, query string) (a unusualAnswer) {
	t.Helper()
	if status := getAPI(t, token, address+"/v1/anomalies?limit=500"+query, &a); status != http.StatusOK {
		t.Fatalf("the API answers %d", status)
	}
	return a
}

// checkServedAnomalies wants the API to tell of a day what the terminal does, to administrators
// and to the vendor of each store that has alerts.
func checkServedAnomalies(t *testing.T, s *shop, found printedAnomalies) {
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	address := startServer(t, cmd)
	defer terminate(t, cmd)
	printed := map[string][]string{"": nil}
	for _, a := range append(found.Alerts, found.Continuing...) {
		text := fmt.Sprint(a.StoreID, " ", a.Metric, " ", a.Value.rat().FloatString(6))
		printed[""] = append(printed[""], text)
		if a.StoreID != "" {
			printed[a.StoreID] = append(printed[a.StoreID], text)
		}
	}
	for store, want := range printed {
		args := []string{"token"}
		if store != "" {
			args = append(args, "--stores", store)
		}
		var got []string
		answer := unusualDays(t, address, strings.TrimSpace(s.run(t, args...).stdout), "&date="+found.Date)
		for _, a := range answer.Alerts {
			value := money(fmt.Sprint(a.Value))
			got = append(got, fmt.Sprint(a.StoreID, " ", a.Metric, " ", value.rat().FloatString(6)))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) || answer.Tested == 0 {
			t.Errorf("%q: the API tells %v, the terminal %v", store, got, want)
		}
	}
}
