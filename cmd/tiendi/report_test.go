package main

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"testing"
	"time"
)

// printedReport is what `tiendi report daily --output json` prints.
type printedReport struct {
	Date    string `json:"date"`
	Store   string `json:"store_id"`
	Figures []struct {
		Metric       string `json:"metric"`
		Unit         string `json:"unit"`
		Value        *money `json:"value"`
		DayBefore    *money `json:"day_before"`
		WeekAgo      *money `json:"week_ago"`
		ChangeBefore *money `json:"change_day_before"`
		ChangeWeek   *money `json:"change_week_ago"`
	} `json:"figures"`
	Funnel []struct {
		Step     string `json:"step"`
		Sessions int64  `json:"sessions"`
	} `json:"funnel"`
}

// checkReports holds the platform's report of the last complete day, and the
// report of the store that sold most on it, against the recount.
func checkReports(t *testing.T, s *shop, r *recount) {
	last := periodsOf(r.dataThrough())[0]
	gmv := r.gmv()
	var stores []string
	for key := range gmv {
		if key.grain == "day" && key.period == last.start.Format(time.DateOnly) && key.scope == "store" {
			stores = append(stores, key.store)
		}
	}
	slices.SortFunc(stores, func(a, b string) int {
		return gmv[last.at("store", b, "")].Cmp(gmv[last.at("store", a, "")])
	})
	if len(stores) == 0 {
		t.Fatal("nothing was sold on the last day")
	}
	for audience, store := range map[string]string{"Admin": "", "Vendor": stores[0]} {
		t.Run(audience, func(t *testing.T) {
			report := s.report(t, store)
			if report.Date != last.start.Format(time.DateOnly) {
				t.Fatalf("the report is of %s, the last complete day is %s", report.Date, last.start.Format(time.DateOnly))
			}
			report.check(t, r, last)
			if len(report.Funnel) != 5 {
				t.Errorf("%d steps of the funnel", len(report.Funnel))
			}
		})
	}
}

// checkHandReports holds reports of the marketplace that was written by hand
// against the recount, of days on which a store's figures differ from all that
// could be taken for them: a customer who is new to the store is not new to the
// platform on the first two, and is on the third.
func checkHandReports(t *testing.T, s *shop, r *recount) {
	for day, store := range map[string]string{"2024-01-20": "2", "2024-03-03": "1", "2024-02-29": "2"} {
		t.Run(day, func(t *testing.T) {
			start, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			s.report(t, handID("store", store), "--date", day).check(t, r, period{"day", start})
			s.report(t, "", "--date", day).check(t, r, period{"day", start})
		})
	}
}

// report reads the report of a store, "" for the platform's.
func (s *shop) report(t *testing.T, store string, flags ...string) (report printedReport) {
	t.Helper()
	flags = append([]string{"report", "daily", "--output", "json"}, flags...)
	if store != "" {
		flags = append(flags, "--store", store)
	}
	if err := json.Unmarshal([]byte(s.run(t, flags...).stdout), &report); err != nil {
		t.Fatal(err)
	}
	return report
}

func (p printedReport) check(t *testing.T, r *recount, last period) {
	scope, store := "platform", noStore
	if p.Store != "" {
		scope, store = "store", p.Store
	}
	day := func(back int, item string) at {
		return period{"day", last.start.AddDate(0, 0, -back)}.at(scope, store, item)
	}
	for _, f := range p.Figures {
		k := kpiOf(t, f.Metric)
		counted := k.counted(r)
		value := func(back int) *big.Rat { return k.valueAt(counted, day(back, "")) }
		for what, pair := range map[string]struct {
			printed *money
			want    *big.Rat
		}{
			"value": {f.Value, value(0)}, "day before": {f.DayBefore, value(1)}, "week ago": {f.WeekAgo, value(7)},
			"change on the day before": {f.ChangeBefore, change(f.Unit, value(0), value(1))},
			"change on the week":       {f.ChangeWeek, change(f.Unit, value(0), value(7))},
		} {
			if !closeTo(pair.printed, pair.want) {
				t.Errorf("%s of %s: counted from the files %s, printed %s", what, f.Metric, figureText(pair.want), pair.printed)
			}
		}
	}
	funnel := kpiOf(t, "funnel").counted(r)
	for _, step := range p.Funnel {
		if want := orZero(funnel[day(0, step.Step)]); want.Cmp(big.NewRat(step.Sessions, 1)) != 0 {
			t.Errorf("%d sessions reach %s, counted from the files %s", step.Sessions, step.Step, figureText(want))
		}
	}
	if len(p.Figures) < 10 {
		t.Errorf("%d figures", len(p.Figures))
	}
}

// valueAt is a KPI's figure, 0 or null where there is none. KPIs that know no
// stores are the platform's.
func (k kpi) valueAt(counted figures, key at) *big.Rat {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(counted)), func(key at) bool { return key.scope != "" }) {
		key.scope, key.store = "", ""
	}
	if value := counted[key]; value != nil || k.rate {
		return value
	}
	return new(big.Rat)
}

// change of a rate is a difference, of all else it is relative; from nothing
// there is none.
func change(unit string, now, before *big.Rat) *big.Rat {
	switch {
	case now == nil || before == nil:
		return nil
	case unit == "rate":
		return new(big.Rat).Sub(now, before)
	case before.Sign() == 0:
		return nil
	}
	return new(big.Rat).Sub(new(big.Rat).Quo(now, before), one)
}

func (m *money) String() string {
	if m == nil {
		return "null"
	}
	return string(*m)
}

// closeTo compares to six digits, which is what a report prints of changes.
func closeTo(printed *money, want *big.Rat) bool {
	if printed == nil || want == nil {
		return printed == nil && want == nil
	}
	difference := new(big.Rat).Sub(printed.rat(), want)
	return difference.Abs(difference).Cmp(big.NewRat(1, 1e6)) <= 0
}
