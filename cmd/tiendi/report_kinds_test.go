package main

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"
)

// printedKinds is what the reports but the daily one print, as JSON.
type printedKinds struct {
	Date    string `json:"date"`
	End     string `json:"end"`
	StoreID string `json:"store_id"`
	Figures []struct {
		Metric     string `json:"metric"`
		Value      *money `json:"value"`
		WeekBefore *money `json:"week_before"`
		YearAgo    *money `json:"year_ago"`
	} `json:"figures"`
	Funnel  []printedStep  `json:"funnel"`
	Sources []printedSplit `json:"traffic_sources"`
	Devices []printedSplit `json:"devices"`
	Cohorts []struct {
		Month    string  `json:"month"`
		Users    int64   `json:"users"`
		Retained []int64 `json:"retained"`
	} `json:"cohorts"`
}

type printedStep struct {
	Step     string `json:"step"`
	Sessions int64  `json:"sessions"`
}

type printedSplit struct {
	Steps []printedStep `json:"steps"`
}

func (s *shop) kind(t *testing.T, kind, store, day string) (p printedKinds) {
	t.Helper()
	args := []string{"report", kind, "--output", "json", "--date", day}
	if store != "" {
		args = append(args, "--store", store)
	}
	if err := json.Unmarshal([]byte(s.run(t, args...).stdout), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// checkHandKinds holds a week, the cohorts and the funnel, of the platform and of a store,
// against the recount.
func checkHandKinds(t *testing.T, s *shop, r *recount) {
	for scope, store := range map[string]string{"platform": "", "store": handID("store", "1")} {
		t.Run(scope, func(t *testing.T) {
			id := noStore
			if store != "" {
				id = store
			}
			week := s.kind(t, "weekly", store, "2024-03-17")
			if week.Date != "2024-03-11" || len(week.Figures) < 10 {
				t.Fatalf("the week of %s, %d figures", week.Date, len(week.Figures))
			}
			monday := time.Date(2024, 3, 11, 0, 0, 0, 0, time.UTC)
			for _, f := range week.Figures {
				k := kpiOf(t, f.Metric)
				for what, pair := range map[string]struct {
					printed *money
					start   time.Time
				}{"week": {f.Value, monday}, "week before": {f.WeekBefore, monday.AddDate(0, 0, -7)}} {
					if want := k.valueAt(k.counted(r), period{"week", pair.start}.at(scope, id, "")); !closeTo(pair.printed, want) {
						t.Errorf("%s of the %s: counted from the files %s, printed %s", f.Metric, what, figureText(want), pair.printed)
					}
				}
				if f.YearAgo != nil {
					t.Errorf("%s is %s in a week before all data", f.Metric, f.YearAgo)
				}
			}
			checkHandFunnel(t, r, s.kind(t, "funnel", store, "2024-03-17"), scope, id)
			checkHandCohorts(t, r, s.kind(t, "cohorts", store, "2024-03-17"), scope, id)
		})
	}
}

// checkHandFunnel adds up the days of the recount, and wants each split to add up to the whole.
func checkHandFunnel(t *testing.T, r *recount, p printedKinds, scope, store string) {
	counted := kpiOf(t, "funnel").counted(r)
	first := time.Date(2024, 2, 19, 0, 0, 0, 0, time.UTC)
	for i, step := range p.Funnel {
		want := new(big.Rat)
		for back := range 28 {
			want.Add(want, orZero(counted[period{"day", first.AddDate(0, 0, back)}.at(scope, store, step.Step)]))
		}
		if want.Cmp(big.NewRat(step.Sessions, 1)) != 0 {
			t.Errorf("%d sessions reach %s, counted from the files %s", step.Sessions, step.Step, figureText(want))
		}
		for what, splits := range map[string][]printedSplit{"source": p.Sources, "device": p.Devices} {
			var sum int64
			for _, split := range splits {
				sum += split.Steps[i].Sessions
			}
			if sum != step.Sessions {
				t.Errorf("by %s %d sessions reach %s, in all %d", what, sum, step.Step, step.Sessions)
			}
		}
	}
	if len(p.Funnel) != 5 || p.Funnel[0].Sessions == 0 {
		t.Errorf("the funnel is %+v", p.Funnel)
	}
}

// checkHandCohorts compares the share that came back after each month.
func checkHandCohorts(t *testing.T, r *recount, p printedKinds, scope, store string) {
	counted := kpiOf(t, "retention_rate").counted(r)
	if len(p.Cohorts) == 0 {
		t.Error("there are no cohorts")
	}
	for _, c := range p.Cohorts {
		month, err := time.Parse(time.DateOnly, c.Month)
		if err != nil {
			t.Fatal(err)
		}
		for k, n := range c.Retained {
			key := at{"", c.Month, scope, store, month.AddDate(0, k, 0).Format(time.DateOnly)}
			if want := counted[key]; want == nil || want.Cmp(big.NewRat(n, c.Users)) != 0 {
				t.Errorf("%d of %d of %s ordered %d months later, counted from the files %s", n, c.Users, c.Month, k, figureText(want))
			}
		}
	}
}
