package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/spelling"
)

// spec is a selection on its way to a set: a criterion or several combined.
type spec struct {
	op    operation
	parts []spec

	// Of criteria.
	method        string
	arguments     []string // what follows the method after a dot
	value         string
	at            bool // @: descendants, and all that they need
	parents       bool
	parentsDepth  int // negative: without bound
	children      bool
	childrenDepth int

	indirect Indirect
	raw      string // as written, for messages
	expected bool   // warn when it takes nothing
}

type operation int

const (
	criterion operation = iota
	union
	intersection
	difference
)

// methods are the words that may stand before a colon.
var methods = []string{
	"fqn", "tag", "group", "access", "source", "path", "file", "package", "config", "test_name", "test_type",
	"resource_type", "state", "exposure", "metric", "result", "source_status", "version", "semantic_model",
	"saved_query", "unit_test", "selector",
}

// maxSelector bounds one argument; people write dozens of letters, programs
// some thousands.
const maxSelector = 1 << 20

var selectorPattern = lazyregexp.New(`^(@)?((\d*)\+)?(?:([\w.]+):)?(.*?)(\+(\d*))?$`)

// parseArguments reads --select or --exclude: a union of all arguments, each
// a union by spaces of intersections by commas.
func parseArguments(args []string, indirect Indirect) (spec, error) {
	all := spec{op: union, indirect: indirect}
	for _, arg := range args {
		if len(arg) > maxSelector {
			return spec{}, fmt.Errorf("selector of %d bytes is longer than the %d that are read", len(arg), maxSelector)
		}
		for _, word := range strings.Fields(arg) {
			both := spec{op: intersection, indirect: indirect, raw: word, expected: true}
			for _, part := range strings.Split(word, ",") {
				c, err := parseCriterion(part, indirect)
				if err != nil {
					return spec{}, err
				}
				both.parts = append(both.parts, c)
			}
			all.parts = append(all.parts, both)
		}
	}
	return all, nil
}

// parseCriterion reads one selector: 2+tag:nightly+1.
func parseCriterion(text string, indirect Indirect) (spec, error) {
	m := selectorPattern().FindStringSubmatch(text)
	if m == nil {
		return spec{}, fmt.Errorf("selector %q cannot be read: write [@][N+][method:]value[+N]", text)
	}
	c := spec{
		raw: text, indirect: indirect, at: m[1] != "", parents: m[2] != "", children: m[6] != "", value: m[5],
	}
	var err error
	if c.parentsDepth, err = depthOf(m[3], text); err != nil {
		return spec{}, err
	}
	if c.childrenDepth, err = depthOf(m[7], text); err != nil {
		return spec{}, err
	}
	return c, c.setMethod(m[4])
}

func depthOf(digits, text string) (int, error) {
	if digits == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("selector %q: %s is no number of steps", text, digits)
	}
	return int(n), nil
}

// setMethod settles the method, the one that the value's look suggests when
// none is written.
func (c *spec) setMethod(written string) error {
	if c.at && c.children {
		return fmt.Errorf("selector %q: @ takes all descendants already, so it cannot stand with a + behind", c.raw)
	}
	if written == "" {
		c.method = standardMethod(c.value)
		return nil
	}
	parts := strings.Split(written, ".")
	c.method, c.arguments = parts[0], parts[1:]
	for _, known := range methods {
		if known == c.method {
			return nil
		}
	}
	hint := "known methods: " + strings.Join(methods, ", ")
	if near := spelling.Near(c.method, methods); near != "" {
		hint = "did you mean " + near + ":?"
	}
	return fmt.Errorf("selector %q: %s is not a method\n  %s", c.raw, c.method, hint)
}

func standardMethod(value string) string {
	lower := strings.ToLower(value)
	switch {
	case strings.Contains(value, "/"):
		return "path"
	case strings.HasSuffix(lower, ".sql"), strings.HasSuffix(lower, ".py"), strings.HasSuffix(lower, ".csv"):
		return "file"
	}
	return "fqn"
}
