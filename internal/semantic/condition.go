package semantic

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of a condition.
const (
	maxConditionBytes = 10_000
	maxConditionDepth = 100
)

// condition is a filter, cut where it names something: SQL and references by
// turns.
type condition struct{ pieces []piece }

// piece is SQL text, or a reference where ref is set.
type piece struct {
	sql string
	ref *reference
}

// reference is what a condition names.
type reference struct {
	item   item
	metric *metricReference
}

// metricReference is {{ Metric('gmv', ['store']) }}.
type metricReference struct {
	name    string
	groupBy []string
}

// items are the dimensions, times and entities that a condition names.
func (c *condition) items() []item {
	var list []item
	for _, p := range c.pieces {
		if p.ref != nil && p.ref.metric == nil {
			list = append(list, p.ref.item)
		}
	}
	return list
}

// onlyTime says whether a condition is about metric_time and nothing else.
func (c *condition) onlyTime() bool {
	for _, p := range c.pieces {
		if p.ref != nil && (p.ref.metric != nil || p.ref.item.kind != timeItem) {
			return false
		}
	}
	return c.hasTime()
}

func (c *condition) hasTime() bool {
	return slices.ContainsFunc(c.items(), func(i item) bool { return i.kind == timeItem })
}

// queryError is what is wrong with a query, and what to do about it.
type queryError struct{ text, hint string }

func (e *queryError) Error() string {
	if e.hint == "" {
		return e.text
	}
	return e.text + "\n  " + e.hint
}

func wrong(hint, format string, args ...any) error {
	return &queryError{fmt.Sprintf(format, args...), hint}
}

// parseCondition reads a condition of the project: any SQL with references in
// braces. Its brackets must close within it, so that it cannot end early what
// it is put into.
func parseCondition(text string) (*condition, error) {
	if len(text) > maxConditionBytes {
		return nil, wrong("", "a condition of %d bytes is longer than the %d that are read", len(text), maxConditionBytes)
	}
	if strings.TrimSpace(text) == "" {
		return nil, wrong("", "a condition is empty")
	}
	c, open, begin := &condition{}, []byte{}, 0
	flush := func(end int) {
		if end > begin {
			c.pieces = append(c.pieces, piece{sql: text[begin:end]})
		}
	}
	for i := 0; i < len(text); {
		if rest := text[i:]; strings.HasPrefix(rest, "{{") {
			n := closing(rest)
			if n < 0 {
				return nil, wrong("close it with }}", "a reference is not closed: %s", excerpt(rest))
			}
			ref, err := parseReference(rest[2 : n-2])
			if err != nil {
				return nil, err
			}
			flush(i)
			c.pieces = append(c.pieces, piece{ref: ref})
			i += n
			begin = i
			continue
		}
		n, err := sqlLength(text[i:], &open)
		if err != nil {
			return nil, err
		}
		i += n
	}
	if len(open) > 0 {
		return nil, wrong("", "a bracket is not closed in %s", excerpt(text))
	}
	flush(len(text))
	return c, nil
}

// sqlLength gives the length of what a condition's SQL begins with, a quoted
// text or one character, and keeps the brackets that are open.
func sqlLength(rest string, open *[]byte) (int, error) {
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "{%") || strings.HasPrefix(rest, "{#"):
		return 0, wrong("name dimensions as {{ Dimension('order__status') }}", "conditions take references, no statements of Jinja: %s", excerpt(rest))
	case c == '\'' || c == '"' || c == '`':
		n := quotedLength(rest)
		if n < 0 {
			return 0, wrong("", "a quote is not closed: %s", excerpt(rest))
		}
		return n, nil
	case strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*") || c == ';' || c == '#':
		return 0, wrong("", "conditions hold no comments and no semicolons: %s", excerpt(rest))
	case strings.IndexByte("([{", c) >= 0:
		*open = append(*open, c)
	case strings.IndexByte(")]}", c) >= 0:
		last := len(*open) - 1
		if last < 0 || strings.IndexByte("([{", (*open)[last]) != strings.IndexByte(")]}", c) {
			return 0, wrong("", "a bracket closes that was not opened: %s", excerpt(rest))
		}
		*open = (*open)[:last]
	}
	return 1, nil
}

// closing gives the length of a reference that text begins with, -1 where it
// is not closed.
func closing(text string) int {
	for i := 2; i < len(text); {
		switch {
		case text[i] == '\'' || text[i] == '"':
			n := quotedLength(text[i:])
			if n < 0 {
				return -1
			}
			i += n
		case strings.HasPrefix(text[i:], "}}"):
			return i + 2
		default:
			i++
		}
	}
	return -1
}

// quotedLength gives the length of the quoted text that s begins with; -1
// where it does not end. A backslash or a second quote escapes a quote.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == s[0] && i+1 < len(s) && s[i+1] == s[0]:
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return -1
}

func excerpt(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
