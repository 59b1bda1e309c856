package project

import (
	"fmt"
	"sort"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// resolved follows an alias to what it names.
func resolved(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode && i < maxYAMLDepth; i++ {
		n = n.Alias
	}
	return n
}

// plain gives the plain value of a node: nil, bool, int64, float64, string,
// []any, map[string]any. Duplicate keys: the last one holds, as in dbt.
func plain(n *yaml.Node) any { return valueOf(n, false) }

// valueOf is plain; inOrder makes mappings Ordered.
func valueOf(n *yaml.Node, inOrder bool) any {
	n = resolved(n)
	if n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return scalar(n)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = valueOf(c, inOrder)
		}
		return list
	case yaml.MappingNode:
		if inOrder {
			return ordered(entriesOf(n))
		}
		entries := entriesOf(n)
		m := make(map[string]any, len(entries))
		for _, e := range entries {
			m[e.key] = plain(e.value)
		}
		return m
	}
	return nil
}

// plainMap is plain for what must be a map; anything else gives nil.
func plainMap(n *yaml.Node) map[string]any {
	m, _ := plain(n).(map[string]any)
	return m
}

// entry is one key of a mapping.
type entry struct {
	key   string
	at    *yaml.Node // the key
	value *yaml.Node // aliases followed
}

// entriesOf lists a mapping's keys in their order, merge keys (<<) expanded
// behind what is written out, duplicates left out but for the last.
func entriesOf(n *yaml.Node) []entry {
	n = resolved(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	set := entrySet{list: make([]entry, 0, len(n.Content)/2)}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := resolved(n.Content[i])
		if k.Value == "<<" && k.Style == 0 {
			merged = append(merged, resolved(n.Content[i+1]))
			continue
		}
		set.put(entry{keyText(k), n.Content[i], resolved(n.Content[i+1])}, true)
	}
	for _, m := range merged {
		from := []*yaml.Node{m}
		if m.Kind == yaml.SequenceNode {
			from = m.Content
		}
		for _, one := range from {
			for _, e := range entriesOf(one) {
				set.put(e, false)
			}
		}
	}
	return set.list
}

// entrySet keeps entries in order and each key once.
type entrySet struct {
	list  []entry
	index map[string]int // built once the list is long
}

const searchOneByOne = 32

func (s *entrySet) put(e entry, overwrite bool) {
	at := s.find(e.key)
	switch {
	case at < 0:
		s.list = append(s.list, e)
		if s.index != nil {
			s.index[e.key] = len(s.list) - 1
		}
	case overwrite:
		s.list[at] = e
	}
}

func (s *entrySet) find(key string) int {
	if len(s.list) <= searchOneByOne {
		for i := range s.list {
			if s.list[i].key == key {
				return i
			}
		}
		return -1
	}
	if s.index == nil {
		s.index = make(map[string]int, 2*len(s.list))
		for i := range s.list {
			s.index[s.list[i].key] = i
		}
	}
	if at, ok := s.index[key]; ok {
		return at
	}
	return -1
}

// keyText is a key as text: numbers and booleans as written.
func keyText(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return fmt.Sprintf("<%s>", kindName(n))
	}
	return n.Value
}

// nodeOf makes a node of a plain value, standing where at stands.
func nodeOf(v any, at *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: at.Line, Column: at.Column}
	switch v := v.(type) {
	case nil:
		n.Tag, n.Value = "!!null", "null"
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v)
	case int:
		n.Tag, n.Value = "!!int", strconv.Itoa(v)
	case int64:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v, 10)
	case float64:
		n.Tag, n.Value = "!!float", pythonFloat(v)
	case []any:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		for _, c := range v {
			n.Content = append(n.Content, nodeOf(c, at))
		}
	case map[string]any:
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
		for _, k := range sortedKeys(v) {
			n.Content = append(n.Content, nodeOf(k, at), nodeOf(v[k], at))
		}
	default:
		n.Tag, n.Value, n.Style = "!!str", fmt.Sprint(v), yaml.DoubleQuotedStyle
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// kindName names a node's type in an author's words.
func kindName(n *yaml.Node) string {
	n = resolved(n)
	switch n.Kind {
	case yaml.SequenceNode:
		return "list"
	case yaml.MappingNode:
		return "mapping"
	}
	switch scalar(n).(type) {
	case nil:
		return "empty value"
	case bool:
		return "boolean"
	case int64, float64:
		return "number"
	}
	return "text"
}
