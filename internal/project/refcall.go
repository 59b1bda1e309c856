package project

import (
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Calls of ref and source that stand alone in YAML: exposures' depends_on and
// semantic models' model.
var (
	callPattern = lazyregexp.New(`^\s*(?:\{\{)?\s*(ref|source|metric)\s*\((.*)\)\s*(?:\}\})?\s*$`)
	argPattern  = lazyregexp.New(`^\s*(?:(v|version)\s*=\s*)?(?:'([^']*)'|"([^"]*)"|([0-9][0-9.]*))\s*$`)
)

// parseCall reads one such call into n; false when it is none.
func (n *Node) parseCall(text string, at Place) bool {
	m := callPattern().FindStringSubmatch(text)
	if m == nil {
		return false
	}
	var args []string
	version := ""
	for _, a := range strings.Split(m[2], ",") {
		v := argPattern().FindStringSubmatch(a)
		switch {
		case v == nil:
			return false
		case v[1] != "":
			version = v[2] + v[3] + v[4]
		default:
			args = append(args, v[2]+v[3]+v[4])
		}
	}
	switch {
	case m[1] == "ref" && len(args) == 1:
		n.Refs = append(n.Refs, Ref{Name: args[0], Version: version, Place: at})
	case m[1] == "ref" && len(args) == 2:
		n.Refs = append(n.Refs, Ref{Package: args[0], Name: args[1], Version: version, Place: at})
	case m[1] == "source" && len(args) == 2:
		n.SourceRefs = append(n.SourceRefs, SourceRef{Source: args[0], Table: args[1], Place: at})
	case m[1] == "metric" && (len(args) == 1 || len(args) == 2):
		n.MetricRefs = append(n.MetricRefs, args[len(args)-1])
	default:
		return false
	}
	return true
}

// ParseRef reads a call of ref that stands alone, in braces or without.
func ParseRef(text string, at Place) (Ref, bool) {
	n := &Node{}
	if !n.parseCall(text, at) || len(n.Refs) != 1 {
		return Ref{}, false
	}
	return n.Refs[0], true
}
