package project

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/spelling"
)

// fields reads the keys of one mapping into typed values; a value of a wrong
// type is a problem and reads as if it were not there.
type fields struct {
	doc     *document
	node    *yaml.Node
	what    string // "model orders", for messages
	entries []entry
}

// fields opens a mapping; anything else is a problem and gives nil.
func (d *document) fields(n *yaml.Node, what string) *fields {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		d.problem(n, "", "%s must be a mapping of keys, not %s", what, article(kindName(n)))
		return nil
	}
	return &fields{doc: d, node: n, what: what, entries: entriesOf(n)}
}

func article(kind string) string {
	switch kind {
	case "text":
		return kind
	case "empty value":
		return "an " + kind
	}
	return "a " + kind
}

// find gives a key's value; nil when it is missing or null.
func (f *fields) find(key string) *yaml.Node {
	for i := range f.entries {
		if f.entries[i].key == key {
			if v := f.entries[i].value; v.Kind != yaml.ScalarNode || scalar(v) != nil {
				return v
			}
			return nil
		}
	}
	return nil
}

// has says whether a key is there, null or not.
func (f *fields) has(key string) bool {
	for i := range f.entries {
		if f.entries[i].key == key {
			return true
		}
	}
	return false
}

func (f *fields) wrong(n *yaml.Node, key, want string) {
	f.doc.problem(n, "", "%s: %s must be %s, not %s", f.what, key, want, article(kindName(n)))
}

// text reads a string; numbers and booleans count as written, as dbt has it.
func (f *fields) text(key string) string {
	n := f.find(key)
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		f.wrong(n, key, "text")
		return ""
	}
	if s, ok := scalar(n).(string); ok {
		return s
	}
	return n.Value
}

// flag reads a boolean, nil when it is missing.
func (f *fields) flag(key string) *bool {
	n := f.find(key)
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		if v, ok := scalar(n).(bool); ok {
			return &v
		}
	}
	f.wrong(n, key, "true or false")
	return nil
}

// count reads a whole number, 0 when it is missing.
func (f *fields) count(key string) int {
	n := f.find(key)
	if n == nil {
		return 0
	}
	if n.Kind == yaml.ScalarNode {
		if v, ok := scalar(n).(int64); ok {
			return int(v)
		}
	}
	f.wrong(n, key, "a whole number")
	return 0
}

// list reads a list's nodes.
func (f *fields) list(key string) []*yaml.Node {
	n := f.find(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		f.wrong(n, key, "a list (lines that begin with -)")
		return nil
	}
	return n.Content
}

// texts reads a list of strings; one string alone is a list of one.
func (f *fields) texts(key string) []string {
	n := f.find(key)
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{f.text(key)}
	}
	if n.Kind != yaml.SequenceNode {
		f.wrong(n, key, "text or a list of texts")
		return nil
	}
	list := make([]string, 0, len(n.Content))
	for _, c := range n.Content {
		c = resolved(c)
		if c.Kind != yaml.ScalarNode {
			f.wrong(c, key, "a list of texts")
			continue
		}
		list = append(list, c.Value)
	}
	return list
}

// mapping reads a mapping as plain values.
func (f *fields) mapping(key string) map[string]any {
	n := f.find(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		f.wrong(n, key, "a mapping of keys")
		return nil
	}
	return plainMap(n)
}

// mappings reads a list of mappings as plain values.
func (f *fields) mappings(key string) []map[string]any {
	var list []map[string]any
	for _, c := range f.list(key) {
		if m, ok := plain(c).(map[string]any); ok {
			list = append(list, m)
		} else {
			f.wrong(c, key, "a list of mappings")
		}
	}
	return list
}

// known reports keys that are not among known: as problems when strict (dbt
// refuses them), as warnings otherwise (dbt reads past them).
func (f *fields) known(strict bool, known ...string) {
	for _, e := range f.entries {
		if contains(known, e.key) {
			continue
		}
		hint := spelling.Suggest(e.key, known)
		if contains(configKeys, e.key) {
			hint = "put it under config:"
		}
		if strict {
			f.doc.problem(e.at, hint, "%s has an unknown key %s", f.what, e.key)
		} else {
			f.doc.warn(e.at, hint, "%s has an unknown key %s, which is ignored", f.what, e.key)
		}
	}
}

// required reports a key that is missing or empty.
func (f *fields) required(key string) bool {
	if f.find(key) != nil {
		return true
	}
	f.doc.problem(f.node, fmt.Sprintf("add %s:", key), "%s has no %s", f.what, key)
	return false
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
