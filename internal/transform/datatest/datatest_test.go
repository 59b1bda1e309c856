package datatest

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/tiendi/tiendi/internal/project"
)

func spec(t *testing.T, config map[string]any) Spec {
	t.Helper()
	s, err := ReadSpec(&project.Node{Config: project.Config{Values: config}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSQL(t *testing.T) {
	got := spec(t, map[string]any{"fail_calc": "sum(n)", "warn_if": "> 1", "error_if": ">= 10", "limit": int64(5)}).SQL("SELECT n FROM x")
	want := "SELECT\n    sum(n) AS failures,\n    sum(n) > 1 AS should_warn,\n    sum(n) >= 10 AS should_error\nFROM (\nSELECT n FROM x\nLIMIT 5\n) dbt_internal_test"
	if got != want {
		t.Error(got)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		severity   string
		warn, fail bool
		want       string
	}{
		{"error", true, true, "fail"}, {"error", true, false, "warn"}, {"error", false, false, "pass"}, {"error", false, true, "fail"},
		{"WARN", true, true, "warn"}, {"warn", false, true, "pass"},
	} {
		s := spec(t, map[string]any{"severity": c.severity})
		if got := s.judge(3, c.warn, c.fail); got.Verdict != c.want || (got.Message == "") != (c.want == "pass") {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestReadSpecRefuses(t *testing.T) {
	for _, config := range []map[string]any{{"severity": "loud"}, {"store_failures_as": "file"}} {
		if _, err := ReadSpec(&project.Node{Config: project.Config{Values: config}}); err == nil {
			t.Errorf("%v taken", config)
		}
	}
}

func TestStores(t *testing.T) {
	for _, c := range []struct {
		config map[string]any
		flag   bool
		want   bool
	}{
		{nil, false, false}, {nil, true, true}, {map[string]any{"store_failures": false}, true, false}, {map[string]any{"store_failures": true}, false, true},
		{map[string]any{"store_failures_as": "view", "store_failures": false}, false, true}, {map[string]any{"store_failures_as": "ephemeral"}, true, false},
	} {
		if got := Stores(&project.Node{Config: project.Config{Values: c.config}}, c.flag); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestWhole(t *testing.T) {
	for _, v := range []any{uint64(7), int8(7), 7.9, decimal.RequireFromString("7.5"), big.NewInt(7)} {
		if n, err := whole(v); err != nil || n != 7 {
			t.Errorf("%T: %d, %v", v, n, err)
		}
	}
	if n, err := whole(nil); err != nil || n != 0 {
		t.Errorf("no value: %d, %v", n, err)
	}
	if _, err := whole("seven"); err == nil {
		t.Error("text taken for a number")
	}
}

func TestFreshnessSQL(t *testing.T) {
	n := &project.Node{Name: "raw", Source: &project.SourceNode{LoadedAt: "at"}}
	sql, err := FreshnessSQL(n, "s.raw", "at > 1")
	if err != nil || !strings.Contains(sql, "max(at)") || !strings.HasSuffix(sql, " FROM s.raw WHERE at > 1") {
		t.Error(sql, err)
	}
	n.Source = &project.SourceNode{LoadedAtQuery: "SELECT 1"}
	if sql, err := FreshnessSQL(n, "s.raw", ""); err != nil || strings.Contains(sql, "s.raw") {
		t.Error(sql, err)
	}
	n.Source = &project.SourceNode{}
	if _, err := FreshnessSQL(n, "s.raw", ""); err == nil {
		t.Error("a source without loaded_at taken")
	}
}

func TestDuration(t *testing.T) {
	if d, err := duration(project.Threshold{Count: 2, Period: "day"}); err != nil || d != 48*time.Hour {
		t.Error(d, err)
	}
	for _, bad := range []project.Threshold{{Count: 1, Period: "week"}, {Count: -1, Period: "day"}} {
		if _, err := duration(bad); err == nil {
			t.Errorf("%+v taken", bad)
		}
	}
}
