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
	m := &merging{node: n, values: make(map[string]any, 8)}
	own, root := p.Package(n.Package), p.Root()
	if own != nil {
		m.tree(own, n)
	}
	m.layer(n.Properties)
	for _, call := range inFile {
		m.layer(call)
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
	said     []configEntry // what was put, the last of a key being where its value stands
	problems Problems
}

// fail reports the value that a key was last given. What a config tree says
// wrongly is worded without the node, so that it is reported once for all.
func (m *merging) fail(key, format string, args ...any) {
	what, at := string(m.node.Kind)+" "+m.node.Name, m.node.Place
	for _, e := range m.said {
		if e.key == key && e.place != m.node.Place {
			what, at = section(m.node.Kind), e.place
		} else if e.key == key {
			what, at = string(m.node.Kind)+" "+m.node.Name, e.place
		}
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
	level := pkg.levels[section(n.Kind)]
	for i := 0; level != nil; i++ {
		for _, e := range level.config {
			m.put(e)
		}
		if i == len(n.FQN) {
			return
		}
		level = level.below[n.FQN[i]]
	}
}

// layer lays properties or a config() call over what there is.
func (m *merging) layer(values map[string]any) {
	for key, v := range values {
		if hookName(key) == key {
			m.put(configEntry{key: key, value: v, place: m.node.Place})
		}
	}
	for _, key := range []string{"pre_hook", "post_hook"} { // after their other spelling, in any run
		if v, ok := values[key]; ok {
			m.put(configEntry{key: hookName(key), value: v, place: m.node.Place})
		}
	}
}

// put lays one value over what there is.
func (m *merging) put(e configEntry) {
	m.said = append(m.said, e)
	switch e.key {
	case "pre-hook", "post-hook", "packages":
		m.values[e.key] = append(listOf(m.values[e.key]), listOf(e.value)...)
	case "tags":
		m.tags(e.value)
	case "meta", "docs", "quoting", "column_types", "contract":
		m.mapping(e.key, e.value)
	case "grants":
		m.grants(e.value)
	default:
		m.values[e.key] = e.value
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
		layers = append(layers, own.Vars, scoped(own.Vars, pkg))
	}
	root := p.Root()
	return merged(append(layers, root.Vars, scoped(root.Vars, pkg))...)
}
