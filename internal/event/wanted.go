package event

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// The functions of this file say in a rejection's detail what a schema wants.

func shown(s []byte) string { return strconv.Quote(clipText(string(s))) }

func wantedKind(n *node, got jsonschema.Kinds) string {
	found := got.Names()
	if got == jsonschema.KindFraction {
		found = []string{"number"}
	}
	if n.kinds == 0 {
		return "no value fits the schema"
	}
	return "want " + strings.Join(n.kinds.Names(), " or ") + ", got " + found[0]
}

func wantedOne(n *node, s []byte) string {
	switch len(n.fixed) {
	case 0:
		return "no text fits the schema"
	case 1:
		return "want " + strconv.Quote(n.fixed[0]) + ", got " + shown(s)
	}
	return "want one of " + clipText(strings.Join(n.fixed, ", ")) + "; got " + shown(s)
}

func wantedLength(n *node, s []byte) string {
	return fmt.Sprintf("want %s characters, got %d", limits(n.minLen, n.maxLen), utf8.RuneCount(s))
}

func wantedItems(n *node, count int) string {
	return fmt.Sprintf("want %s items, got %d", limits(n.minItems, n.maxItems), count)
}

// limits writes a range of counts; most is -1 for no limit.
func limits(least, most int) string {
	switch {
	case most < 0:
		return fmt.Sprintf("%d or more", least)
	case least == 0:
		return fmt.Sprintf("up to %d", most)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

func wantedRange(n *node, text []byte) string {
	return "want " + strings.Join(n.ranges(), " and ") + ", got " + clipText(string(text))
}

// ranges writes the bounds of numbers: ≥ 0, ≤ 599.
func (n *node) ranges() (all []string) {
	for _, b := range n.lower {
		all = append(all, map[bool]string{false: "≥ ", true: "> "}[b.strict]+b.text)
	}
	for _, b := range n.upper {
		all = append(all, map[bool]string{false: "≤ ", true: "< "}[b.strict]+b.text)
	}
	return all
}
