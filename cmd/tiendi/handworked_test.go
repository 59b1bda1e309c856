package main

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// checkHandWorked asks what was worked out by hand, and wants every KPI to be
// among it. What is grouped and ordered alike is asked at once.
func checkHandWorked(t *testing.T, s *shop, all []expectation) {
	metrics, answers := map[string][]string{}, map[string][]tuple{}
	for _, e := range all {
		metrics[e.question()] = append(metrics[e.question()], e.metrics()...)
	}
	for _, e := range all {
		asked := e.question()
		if answers[asked] == nil {
			flags := []string{"--group-by", strings.Join(e.dimensions(), ","), "--metrics", strings.Join(metrics[asked], ",")}
			for _, column := range e.OrderBy {
				flags = append(flags, "--order-by="+column)
			}
			answers[asked] = s.metrics(t, flags...)
		}
		e.check(t, answers[asked])
	}
	for _, m := range metricKPIs() {
		if !slices.ContainsFunc(all, m.asked) {
			t.Errorf("no value of %s was worked out by hand: %s by %v", m.kpi, m.metric, m.items)
		}
	}
}

// dimensions are what the entry's metrics are grouped by; the rows of an answer
// follow their order.
func (e expectation) dimensions() []string {
	return append(slices.Sorted(maps.Keys(e.Where)), e.By...)
}

func (e expectation) metrics() []string {
	columns := e.Expect
	if len(e.Rows) > 0 {
		columns = e.Rows[0]
	}
	var names []string
	for name := range columns {
		if !slices.Contains(e.By, name) {
			names = append(names, name)
		}
	}
	return names
}

// question is the same for entries that are grouped and ordered alike.
func (e expectation) question() string {
	return strings.Join(e.dimensions(), ",") + " " + strings.Join(e.OrderBy, ",")
}

// asked says whether an entry asks the KPI's metric by its items.
func (m metricKPI) asked(e expectation) bool {
	items := slices.DeleteFunc(e.dimensions(), func(name string) bool {
		return name == "store" || strings.HasPrefix(name, "metric_time__")
	})
	return slices.Contains(e.metrics(), m.metric) && slices.Equal(slices.Sorted(slices.Values(items)), slices.Sorted(slices.Values(m.items)))
}

// check wants the rows of an answer that are meant to be as worked out.
func (e expectation) check(t *testing.T, answer []tuple) {
	t.Helper()
	var rows []tuple
	for _, row := range answer {
		if e.matches(row) {
			rows = append(rows, row)
		}
	}
	want := e.Rows
	if len(want) == 0 {
		want = []map[string]string{e.Expect}
	}
	if len(rows) != len(want) {
		t.Errorf("expected.yml:%d: %d rows, want %d: %v", e.Line, len(rows), len(want), rows)
		return
	}
	for i, row := range rows {
		for column, value := range want[i] {
			got, ok := row.text(column), false
			if slices.Contains(e.By, column) {
				ok = got == handID(column, value)
			} else {
				ok = handSame(got, value)
			}
			if !ok {
				t.Errorf("expected.yml:%d: %s = %q in row %d of %v, worked out by hand %s", e.Line, column, got, i+1, e.Where, value)
			}
		}
	}
}

func (e expectation) matches(row tuple) bool {
	for column, want := range e.Where {
		if row.text(column) != handID(column, want) {
			return false
		}
	}
	return true
}

// handID writes a short id out.
func handID(column, text string) string {
	prefix, isID := handIDs[column]
	if !isID {
		return text
	}
	return prefix + strings.Repeat("0", 12-len(text)) + text
}

// handSame compares a number or a fraction of two; ~ is null.
func handSame(got, want string) bool {
	if want == "~" || want == "" {
		return got == ""
	}
	dividend, divisor, isFraction := strings.Cut(want, "/")
	value := rat(dividend)
	if isFraction {
		value = new(big.Rat).Quo(value, rat(divisor))
	}
	return got != "" && same(rat(got), value, true)
}
