package generate

import (
	"strings"
	"testing"
)

// arrivals makes a slot of one-letter lines that arrive at the given times.
func arrivals(letters string, at ...int64) *slot {
	s := &slot{lines: []byte(letters)}
	for i, arrival := range at {
		s.records = append(s.records, record{arrival: arrival, start: i, end: i + 1})
	}
	return s
}

// Lines leave in order of arrival; at the same time, those of the earlier
// slot go first, and within a slot the earlier line.
func TestMergeKeepsTheOrderOfArrival(t *testing.T) {
	var got strings.Builder
	m := &merge{emit: func(line []byte, _, _ int64) error { _, err := got.Write(line); return err }}
	for _, step := range []struct {
		slot  *slot
		until int64
		want  string
	}{
		{arrivals("abgh", 1, 4, 25, 25), 10, "ab"},
		{arrivals("cdei", 10, 15, 15, 25), 20, "abcde"},
		{arrivals("fjz", 22, 25, 3*hour), 30, "abcdefghij"},
		{arrivals(""), 2 * hour, "abcdefghij"},
		{arrivals("y", 2*hour), 4 * hour, "abcdefghijyz"},
	} {
		if err := m.slot(step.slot, step.until); err != nil {
			t.Fatal(err)
		}
		for i := range step.slot.lines {
			step.slot.lines[i] = '!' // the slot is used again
		}
		if got.String() != step.want {
			t.Fatalf("until %d: %q, want %q", step.until, got.String(), step.want)
		}
	}
	if len(m.held) != 0 {
		t.Errorf("%d lines are still held", len(m.held))
	}
}
