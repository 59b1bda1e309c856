package compile

import (
	"fmt"
	"math/big"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// fromYAML is fromyaml(text, default): the default for text that is no YAML.
func fromYAML(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "fromyaml", "value", "default")
	if err != nil {
		return nil, err
	}
	source, _ := text(a[0])
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil || len(doc.Content) == 0 {
		if a[1] == nil || err == nil {
			return jinja.None, nil
		}
		return a[1], nil
	}
	return yamlValue(doc.Content[0], 0)
}

// yamlValue keeps the order of mappings.
func yamlValue(n *yaml.Node, depth int) (jinja.Value, error) {
	if depth > maxDepth {
		return nil, failure("", "YAML nested deeper than %d levels", maxDepth)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return yamlValue(n.Alias, depth+1)
	case yaml.SequenceNode:
		list := jinja.NewList()
		for _, item := range n.Content {
			v, err := yamlValue(item, depth+1)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, v)
		}
		return list, nil
	case yaml.MappingNode:
		d := jinja.NewDict()
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, err := yamlValue(n.Content[i], depth+1)
			if err != nil {
				return nil, err
			}
			v, err := yamlValue(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			if err := d.Set(k, v); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, fmt.Errorf("YAML value %q: %w", n.Value, err)
	}
	return toValue(v), nil
}

// toYAML is toyaml(value, default): block style, as PyYAML's safe_dump.
func toYAML(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "toyaml", "value", "default", "sort_keys")
	if err != nil {
		return nil, err
	}
	plain, err := jinja.ToGo(a[0])
	if err != nil {
		return nil, err
	}
	if pairs, ok := plain.([]jinja.Pair); ok && a[2] == jinja.Bool(true) {
		plain = sortedPairs(pairs)
	}
	node, ok := yamlNode(plain)
	if !ok {
		if a[1] == nil {
			return jinja.None, nil
		}
		return a[1], nil
	}
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	e.CompactSeqIndent()
	if err := e.Encode(node); err != nil {
		return nil, fmt.Errorf("toyaml: %w", err)
	}
	return jinja.Str(b.String()), nil
}

func sortedPairs(pairs []jinja.Pair) []jinja.Pair {
	byKey := make(map[string]jinja.Pair, len(pairs))
	for _, p := range pairs {
		byKey[p.Key] = p
	}
	out := make([]jinja.Pair, 0, len(pairs))
	for _, k := range keysOf(byKey) {
		out = append(out, byKey[k])
	}
	return out
}

// yamlNode makes a node of plain data; false for what YAML cannot hold.
func yamlNode(v any) (*yaml.Node, bool) {
	switch v := v.(type) {
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v {
			one, ok := yamlNode(item)
			if !ok {
				return nil, false
			}
			n.Content = append(n.Content, one)
		}
		return emptyFlow(n), true
	case []jinja.Pair:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, p := range v {
			key, _ := yamlNode(p.Key)
			one, ok := yamlNode(p.Value)
			if !ok {
				return nil, false
			}
			n.Content = append(n.Content, key, one)
		}
		return emptyFlow(n), true
	case nil, bool, int64, float64, string, *big.Int:
		n := &yaml.Node{}
		return n, n.Encode(v) == nil
	}
	return nil, false
}

func emptyFlow(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}
