package materialize

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func instantOf(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What real dbt plans for the same inputs.
func TestSlices(t *testing.T) {
	for _, c := range []struct {
		size, begin      string
		lookback         int
		now, from, until string
		exists           bool
		want             string
	}{
		{"day", "2024-01-30", 1, "2024-02-01T10:00:00Z", "", "", false, "01-30T00 01-31T00 02-01T00 02-02T00"},
		{"day", "2024-01-30", 1, "2024-02-01T10:00:00Z", "", "", true, "01-31T00 02-01T00 02-02T00"},
		{"day", "2024-01-30", 0, "2024-02-01T10:00:00Z", "", "", true, "02-01T00 02-02T00"},
		{"day", "2024-01-30", 1, "2024-02-01T00:00:00Z", "", "", true, "01-30T00 01-31T00 02-01T00"},
		{"hour", "2024-01-30", 1, "2024-02-01T10:30:00Z", "", "", true, "02-01T09 02-01T10 02-01T11"},
		{"month", "2024-01-30", 1, "2024-03-15T10:00:00Z", "", "", false, "01-01T00 02-01T00 03-01T00 04-01T00"},
		{"month", "2024-01-30", 2, "2024-03-31T10:00:00Z", "", "", true, "01-01T00 02-01T00 03-01T00 04-01T00"},
		{"year", "2023-05-01", 1, "2024-03-15T10:00:00Z", "", "", false, "01-01T00 01-01T00 01-01T00"},
		{"day", "2024-01-01", 1, "2024-03-15T10:00:00Z", "2024-02-01T05:00:00Z", "2024-02-02T05:00:00Z", true, "02-01T00 02-02T00 02-03T00"},
		{"day", "2024-01-01", 1, "2024-03-15T10:00:00Z", "2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z", false, "02-01T00 02-02T00"},
		{"day", "2024-01-01", 1, "2024-03-15T10:00:00Z", "", "2024-02-02T05:00:00Z", true, "02-01T00 02-02T00 02-03T00"},
	} {
		s := Spec{BatchSize: c.size, Begin: c.begin, Lookback: c.lookback}
		got, err := s.Slices(instantOf(t, c.now), c.exists, instantOf(t, c.from), instantOf(t, c.until))
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		edges := []string{got[0].Start.Format("01-02T15")}
		for _, slice := range got {
			edges = append(edges, slice.End.Format("01-02T15"))
		}
		if text := strings.Join(edges, " "); text != c.want {
			t.Errorf("%+v: %s", c, text)
		}
	}
	for _, s := range []Spec{{BatchSize: "hour", Begin: "1970-01-01"}, {BatchSize: "day", Begin: "soon"}, {BatchSize: "day", Begin: "2030-01-01"}} {
		if _, err := s.Slices(instantOf(t, "2024-02-01T10:00:00Z"), false, time.Time{}, time.Time{}); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}

func TestGroupSlices(t *testing.T) {
	spans := []Span{{"a", "b", "b", "b"}, {"b", "b", "b", "c"}, {"b", "c", "c", "c"}}
	if got := fmt.Sprint(GroupSlices(3, spans)); got != "[{b [0 1]} {c [2]}]" {
		t.Error(got)
	}
	spans[1].Last = "c"
	for _, spans := range [][]Span{spans, nil} {
		if got := fmt.Sprint(GroupSlices(3, spans)); got != "[{ [0 1 2]}]" {
			t.Error(got)
		}
	}
}
