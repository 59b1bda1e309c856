package event

import (
	"cmp"
	"slices"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// format is a JSON Schema format that the fast path checks.
type format uint8

const (
	formatNone format = iota
	formatUUID
	formatDateTime
)

// node is what a schema says of one value: all keywords that apply to it, from
// wherever they are referred to, as one conjunction. Each constrains the kinds
// that it is about and lets all others pass, as in JSON Schema.
type node struct {
	kinds  jsonschema.Kinds
	fixed  []string // the strings that a string may be
	only   bool     // fixed counts
	banned []string // the strings that a string may not be
	format format
	minLen int // in code points
	maxLen int // -1 for none

	lower, upper []bound

	members  []member
	required uint64   // one bit a member, by its place
	allowed  []string // keys that an object may have
	closed   bool     // allowed counts

	items    *node // of an array, nil for any
	minItems int
	maxItems int // -1 for none

	title, description string
	examples           []string // JSON texts
	source             string   // "web" or "server"; the root's
	keep               slot     // where in the event the value belongs
}

// member is a key that the schema knows or requires.
type member struct {
	key      string
	node     *node
	required bool
	refused  bool // no object that has it is valid
}

const kindAny = jsonschema.KindNull | jsonschema.KindBool | jsonschema.KindInteger | jsonschema.KindFraction |
	jsonschema.KindString | jsonschema.KindArray | jsonschema.KindObject

func newNode() *node { return &node{kinds: kindAny, maxLen: -1, maxItems: -1} }

// and adds what o says to n. It gives false where no node can say both.
func (n *node) and(o *node) bool {
	n.kinds &= o.kinds
	n.fixed, n.only = intersect(n.fixed, n.only, o.fixed, o.only)
	n.allowed, n.closed = intersect(n.allowed, n.closed, o.allowed, o.closed)
	n.banned = append(n.banned, o.banned...)
	n.minLen, n.maxLen = max(n.minLen, o.minLen), lower(n.maxLen, o.maxLen)
	n.minItems, n.maxItems = max(n.minItems, o.minItems), lower(n.maxItems, o.maxItems)
	n.lower, n.upper = append(n.lower, o.lower...), append(n.upper, o.upper...)
	if n.format != formatNone && o.format != formatNone && n.format != o.format {
		return false
	}
	n.format = max(n.format, o.format)
	// o stands nearer to the type: its texts are the better ones.
	n.title, n.description = cmp.Or(o.title, n.title), cmp.Or(o.description, n.description)
	n.source = cmp.Or(o.source, n.source)
	if len(o.examples) > 0 {
		n.examples = o.examples
	}
	ok := n.andItems(o)
	for i := range o.members {
		ok = n.andMember(&o.members[i]) && ok
	}
	return ok
}

func (n *node) andItems(o *node) bool {
	if n.items == nil || o.items == nil {
		if n.items == nil {
			n.items = o.items
		}
		return true
	}
	return n.items.and(o.items)
}

func (n *node) andMember(m *member) bool {
	mine := n.member(m.key)
	if mine == nil {
		n.members = append(n.members, *m)
		return true
	}
	mine.required = mine.required || m.required
	return mine.node.and(m.node)
}

func (n *node) member(key string) *member {
	for i := range n.members {
		if n.members[i].key == key {
			return &n.members[i]
		}
	}
	return nil
}

// at is the node below the keys, nil where the schema does not know them.
func (n *node) at(keys ...string) *node {
	for _, key := range keys {
		m := n.member(key)
		if m == nil {
			return nil
		}
		n = m.node
	}
	return n
}

// intersect joins two lists of what is allowed, each of which counts or not.
func intersect(a []string, aCounts bool, b []string, bCounts bool) ([]string, bool) {
	switch {
	case !aCounts:
		return b, bCounts
	case !bCounts:
		return a, true
	}
	var both []string
	for _, s := range a {
		if slices.Contains(b, s) {
			both = append(both, s)
		}
	}
	return both, true
}

// lower is the smaller of two limits, -1 being none.
func lower(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}
