package jinja

import (
	"fmt"
	"strings"
)

// raised is an error that has no place yet.
type raised struct {
	kind ErrorKind
	msg  string
	hint string
}

func (e *raised) Error() string { return e.msg }

func raise(kind ErrorKind, format string, args ...any) error {
	return &raised{kind: kind, msg: fmt.Sprintf(format, args...)}
}

// Raise makes an error of a Go function that shall read like the engine's own.
func Raise(kind ErrorKind, message, hint string) error {
	return &raised{kind, message, hint}
}

// returned is dbt's return() on its way to the macro's caller.
type returned struct{ v Value }

func (e *returned) Error() string { return "return() outside a macro" }

func limitError(name string, value int, what, field string) error {
	return &raised{LimitError,
		fmt.Sprintf("%s exceeds the limit of %d %s", what, value, name),
		fmt.Sprintf("raise the limit %s if the template really needs that much", field)}
}

// nearest suggests the candidate that differs least from name, "" for none.
func nearest(name string, candidates []string) string {
	best, bestDist := "", 1+len(name)/3
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(c), bestDist); d < bestDist || d == bestDist && best != "" && c < best {
			best, bestDist = c, d
		} else if d == bestDist && best == "" && d > 0 && d <= 1+len(name)/3 {
			best = c
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + reprStr(best) + "?"
}

func nearestKey[V any](name string, m map[string]V) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	return nearest(name, keys)
}

// distance is the number of edits between a and b, neighbours that changed
// places counting as one, or limit+1 when it is more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost++
				if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
					cost = min(cost, before[j-1]+1)
				}
			}
			row[j+1] = min(cost, last[j+1]+1, row[j]+1)
		}
	}
	return min(row[len(b)], limit+1)
}
