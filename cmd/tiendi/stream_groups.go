package main

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// grouped makes one of the tasks of a stage that a worker has and that do alike.
func grouped(tasks []streamTask) (groups []streamTask) {
	for _, task := range tasks {
		at := slices.IndexFunc(groups, func(g streamTask) bool {
			return g.Stage == task.Stage && g.Worker == task.Worker && g.State == task.State && g.Error == task.Error
		})
		if at < 0 {
			groups = append(groups, task)
			continue
		}
		g := &groups[at]
		g.more = append(g.more, task.Partition)
		g.Events, g.Messages = g.Events+task.Events, g.Messages+task.Messages
		g.Watermark, g.Kept = older(g.Watermark, task.Watermark), older(g.Kept, task.Kept)
	}
	return groups
}

// older is the first of two times, of those that are set.
func older(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// partitions writes those of a line as 0-7, or as 0, 2-4, 7.
func (t *streamTask) partitions() string {
	var runs [][2]int
	for _, p := range append([]int{t.Partition}, t.more...) {
		if n := len(runs); n > 0 && runs[n-1][1] == p-1 {
			runs[n-1][1] = p
			continue
		}
		runs = append(runs, [2]int{p, p})
	}
	var parts []string
	for _, r := range runs {
		text := strconv.Itoa(r[0])
		if r[1] > r[0] {
			text += "-" + strconv.Itoa(r[1])
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
