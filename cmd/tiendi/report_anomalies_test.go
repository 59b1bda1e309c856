package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// checkAnomalies wants the day whose visits were made to drop to be reported,
// with the figures that the daily report has, and a plain day before it not.
func checkAnomalies(t *testing.T, s *shop, day string) {
	found := s.anomalies(t, "--date", day)
	if found.Date != day || found.Tested == 0 {
		t.Fatalf("of %s, %d figures", found.Date, found.Tested)
	}
	daily := s.report(t, "", "--date", day)
	reported := false
	for _, a := range found.Alerts {
		if a.StoreID != "" {
			continue
		}
		for _, f := range daily.Figures {
			if f.Metric == a.Metric && (f.Value == nil || !closeTo(f.Value, a.Value.rat())) {
				t.Errorf("%s is %s to the alert, %s to the report", a.Metric, a.Value, f.Value)
			}
		}
		if a.Metric == "sessions" {
			reported = a.Value.rat().Cmp(a.Low.rat()) < 0 && a.Since == day && strings.HasPrefix(a.Change.String(), "-0.")
		}
	}
	if !reported {
		t.Errorf("the drop of visits is not reported: %+v", found.Alerts)
	}
	checkServedAnomalies(t, s, found)
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, vars := range []string{`{holidays: ["` + day + `"]}`, `{holidays: ["` + date.Format("01-02") + `"]}`} {
		if holiday := s.anomalies(t, "--date", day, "--vars", vars); len(holiday.Alerts) > 0 {
			t.Errorf("with %s: %+v", vars, holiday.Alerts)
		}
	}
	if today := s.try(t, "report", "anomalies", "--date", date.AddDate(0, 0, 1).Format(time.DateOnly)); today.code != exitUsage || !strings.Contains(today.stderr, "not complete") {
		t.Errorf("a day that is not over: %d\n%s", today.code, today.stderr)
	}
}

// printedAnomalies is what `tiendi report anomalies --output json` prints.
type printedAnomalies struct {
	Date       string         `json:"date"`
	Tested     int            `json:"tested"`
	Alerts     []printedAlert `json:"alerts"`
	Continuing []printedAlert `json:"continuing"`
}

type printedAlert struct {
	StoreID string `json:"store_id"`
	Metric  string `json:"metric"`
	Value   *money `json:"value"`
	Low     *money `json:"low"`
	Change  *money `json:"change"`
	Since   string `json:"since"`
}

func (s *shop) anomalies(t *testing.T, flags ...string) (found printedAnomalies) {
	t.Helper()
	out := s.run(t, append([]string{"report", "anomalies", "--output", "json"}, flags...)...)
	if err := json.Unmarshal([]byte(out.stdout), &found); err != nil {
		t.Fatal(err)
	}
	return found
}
