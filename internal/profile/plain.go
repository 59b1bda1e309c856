package profile

import (
	"errors"

	"go.yaml.in/yaml/v3"
)

// Bounds of the values below one setting, aliases expanded.
const (
	maxDepth  = 20
	maxValues = 10_000
)

// follow gives what an alias names.
func follow(n *yaml.Node) *yaml.Node {
	for i := 0; n.Kind == yaml.AliasNode && i < maxDepth; i++ {
		n = n.Alias
	}
	return n
}

// valueOf gives the value of a mapping's key, nil when it is missing.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return follow(n.Content[i+1])
		}
	}
	return nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// plain gives a node's plain value with the environment's variables put in.
func (r *reader) plain(n *yaml.Node, depth int) (any, error) {
	n = follow(n)
	if r.values++; depth > maxDepth || r.values > maxValues {
		return nil, errors.New("holds more values than a profile can")
	}
	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := r.plain(c, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := r.plain(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
		}
		return m, nil
	}
	return r.scalar(n)
}

func (r *reader) scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!int":
		var v int64
		if n.Decode(&v) == nil {
			return v, nil
		}
	case "!!float":
		var v float64
		if n.Decode(&v) == nil {
			return v, nil
		}
	case "!!bool":
		var v bool
		if n.Decode(&v) == nil {
			return v, nil
		}
	}
	return r.render(n.Value)
}

// rawOf is a plain number or boolean as it is written, "" for everything else.
func rawOf(n *yaml.Node) string {
	if n = follow(n); n.Kind != yaml.ScalarNode || n.ShortTag() == "!!str" {
		return ""
	}
	return n.Value
}
