// Package spelling finds the word that a slip of the keys meant.
package spelling

import (
	"slices"
	"strings"
)

// Near gives the word of known that a slip of the keys most likely meant, ""
// when none is near: a third of the letters may differ, case not counting.
func Near(word string, known []string) string {
	best, least := "", len([]rune(word))/3+1
	sorted := slices.Clone(known)
	slices.Sort(sorted)
	for _, k := range sorted {
		if d := distance(strings.ToLower(word), strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	return best
}

// Suggest is a hint that names the nearest of known, or all of them when none
// is near and they are few.
func Suggest(word string, known []string) string {
	if near := Near(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 || len(known) > 12 {
		return ""
	}
	sorted := slices.Clone(known)
	slices.Sort(sorted)
	return "known here: " + strings.Join(sorted, ", ")
}

// maxWord is the longest word that is compared: nobody mistypes more.
const maxWord = 100

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour (optimal string alignment); limit when it is that or more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x) > maxWord || len(y) > maxWord || len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
