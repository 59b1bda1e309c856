package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/worker"
)

// TestStreamGroups: partitions that do alike are one row, and none is lost in it.
func TestStreamGroups(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	task := func(stage worker.Stage, partition int, of, failure string, age time.Duration) streamTask {
		one := streamTask{Worker: of, TaskStatus: worker.TaskStatus{Stage: stage, Partition: partition, State: "running", Events: 1000, Messages: 2}}
		if failure != "" {
			one.State, one.Error = "failing", failure
		}
		if age > 0 {
			one.Watermark, one.Kept = now.Add(-age), now.Add(-age)
		}
		return one
	}
	tasks := []streamTask{
		task("enrich", 0, "a", "", 0), task("enrich", 1, "a", "", 9*time.Second), task("enrich", 2, "b", "", time.Second),
		task("enrich", 3, "a", "", 20*time.Second), task("enrich", 4, "a", "", 0),
		task("events", 0, "a", "", 0), task("events", 1, "a", "no such table", 0), task("events", 2, "a", "", 0),
	}
	var got []string
	for _, row := range streamStatusTable(grouped(tasks), now).Rows {
		got = append(got, strings.Join(row, " | "))
	}
	want := []string{
		"enrich | 0-1, 3-4 | a | running | 4,000 | 8 | 2026-11-20 09:59:40 | 20.0s ago",
		"enrich | 2 | b | running | 1,000 | 2 | 2026-11-20 09:59:59 | 1.00s ago",
		"events | 0, 2 | a | running | 2,000 | 4 |  | ",
		"events | 1 | a | no such table | 1,000 | 2 |  | ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(streamStatusTable(tasks, now).Rows); n != len(tasks) {
		t.Errorf("each by itself: %d rows of %d tasks", n, len(tasks))
	}
}
