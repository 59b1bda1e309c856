package project

import (
	"fmt"
	"strings"
)

// ResolveConfig settles the configuration of n as dbt does: the config tree of
// n's own package by FQN, then its properties (n.Properties), then the
// config() calls of its file in their order (inFile), and last, for nodes of a
// package, the root project's tree. Tags add up, meta merges, hooks append,
// the rest is taken from the nearest. It changes nothing; problems are values
// of a type that cannot be meant.
func ResolveConfig(p *Project, n *Node, inFile []map[string]any) (Config, Problems) {
	m := &merging{node: n, values: map[string]any{}, said: map[string]Place{}}
	own, root := p.Package(n.Package), p.Root()
	if own != nil {
		m.tree(own, n)
	}
	m.add(n.Properties, func(string) Place { return n.Place })
	for _, call := range inFile {
		m.add(call, func(string) Place { return n.Place })
	}
	if own != root {
		m.tree(root, n)
	}
	return m.settled(), m.problems
}

// merging collects configuration, the later over the earlier.
type merging struct {
	node     *Node
	values   map[string]any
	said     map[string]Place // where each value was last said
	problems Problems
}

// fail reports the value that a key was last given. What a config tree says
// wrongly is worded without the node, so that it is reported once for all.
func (m *merging) fail(key, format string, args ...any) {
	what, at := string(m.node.Kind)+" "+m.node.Name, m.node.Place
	if said, ok := m.said[key]; ok && said != at {
		what, at = section(m.node.Kind), said
	}
	m.problems = append(m.problems, Problem{Place: at, Message: what + ": " + key + " " + fmt.Sprintf(format, args...)})
}

// section is the tree that a kind is configured in.
func section(kind Kind) string {
	switch kind {
	case Seed:
		return "seeds"
	case Snapshot:
		return "snapshots"
	case Source:
		return "sources"
	case Test:
		return "tests"
	case Metric:
		return "metrics"
	case Semantic:
		return "semantic-models"
	case SavedQuery:
		return "saved-queries"
	case Exposure:
		return "exposures"
	case UnitTest:
		return "unit_tests"
	}
	return "models" // analyses and operations too, as dbt has it
}

// tree adds what a package's tree says of a node, from the top down its FQN.
func (m *merging) tree(pkg *Package, n *Node) {
	path := section(n.Kind)
	level := pkg.Trees[path]
	for i := 0; level != nil; i++ {
		at := path
		m.add(levelConfig(level), func(key string) Place {
			if place, ok := pkg.places[at+".+"+key]; ok {
				return place
			}
			return pkg.places[at+"."+key]
		})
		if i == len(n.FQN) {
			return
		}
		path += "." + n.FQN[i]
		level = asMap(level[n.FQN[i]])
	}
}

// levelConfig picks the configuration of one level: keys with a plus, and
// keys without one that are no mapping (those are the next level).
func levelConfig(level map[string]any) map[string]any {
	out := make(map[string]any, len(level))
	for k, v := range level {
		if rest, plus := strings.CutPrefix(k, "+"); plus {
			out[strings.TrimSpace(rest)] = v
			continue
		}
		if _, below := v.(map[string]any); !below {
			if _, plus := level["+"+k]; !plus {
				out[k] = v
			}
		}
	}
	return out
}

// add lays one layer over what there is.
func (m *merging) add(layer map[string]any, at func(string) Place) {
	for _, key := range sortedKeys(layer) {
		v, name := layer[key], hookName(key)
		m.said[name] = at(key)
		switch name {
		case "pre-hook", "post-hook", "packages":
			m.values[name] = append(listOf(m.values[name]), listOf(v)...)
		case "tags":
			m.tags(v)
		case "meta", "docs", "quoting", "column_types", "contract":
			m.mapping(name, v)
		case "grants":
			m.grants(v)
		default:
			m.values[name] = v
		}
	}
}

// hookName gives hooks their one name.
func hookName(key string) string {
	switch key {
	case "pre_hook":
		return "pre-hook"
	case "post_hook":
		return "post-hook"
	}
	return key
}

// listOf is a fresh list of a value: a list's own values, null none.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return append([]any(nil), v...)
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return list
	}
	return []any{v}
}

func (m *merging) tags(v any) {
	var tags []string
	if m.node.Kind != Source { // dbt lets a source's own tags replace the project's
		tags = asTexts(m.values["tags"])
	}
	for _, one := range listOf(v) {
		s, ok := one.(string)
		if !ok {
			m.fail("tags", "must be text or a list of texts, not %v", one)
			continue
		}
		tags = union(tags, []string{s})
	}
	delete(m.values, "tags")
	if tags != nil {
		m.values["tags"] = listOf(tags)
	}
}

func (m *merging) mapping(key string, v any) {
	if v == nil {
		return
	}
	over, ok := v.(map[string]any)
	if !ok {
		m.fail(key, "must be a mapping of keys, not %v", v)
		return
	}
	if both := merged(asMap(m.values[key]), over); both != nil {
		m.values[key] = both
		return
	}
	m.values[key] = map[string]any{}
}

// grants lists who may do what; a key with a plus adds to the list above.
func (m *merging) grants(v any) {
	over, ok := v.(map[string]any)
	if !ok {
		m.fail("grants", "must be a mapping of keys, not %v", v)
		return
	}
	out := merged(asMap(m.values["grants"]))
	if out == nil {
		out = map[string]any{}
	}
	for _, key := range sortedKeys(over) {
		name, extend := strings.CutPrefix(key, "+")
		if extend {
			out[name] = append(listOf(out[name]), listOf(over[key])...)
			continue
		}
		out[name] = listOf(over[key])
	}
	m.values["grants"] = out
}

// VarsFor gives the vars that hold in a package: its own, then the root
// project's global ones, then the root project's for that package, the latter
// winning. --vars are not among them.
func (p *Project) VarsFor(pkg string) map[string]any {
	var layers []map[string]any
	if own := p.Package(pkg); own != nil && own != p.Root() {
		layers = append(layers, own.Vars, asMap(own.Vars[pkg]))
	}
	root := p.Root()
	return merged(append(layers, root.Vars, asMap(root.Vars[pkg]))...)
}
