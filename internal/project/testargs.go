package project

import (
	"go.yaml.in/yaml/v3"
)

// sort divides a test's keys into arguments of its macro and configuration,
// as dbt does: arguments: holds arguments, config: and some keys beside it
// configuration; what else stands beside them are arguments too.
func (t *genericTest) sort(p *propertiesReader, at *yaml.Node, entries []entry) bool {
	var args entrySet
	var config []entry
	for _, e := range entries {
		switch {
		case e.key == "model":
			p.doc.problem(e.at, "remove it: dbt passes the tested model itself", "test %s: model cannot be an argument", t.name)
			return false
		case e.key == "config":
			if e.value.Kind != yaml.MappingNode && scalar(e.value) != nil {
				p.doc.problem(e.value, "", "test %s: config must be a mapping of keys, not %s", t.name, article(kindName(e.value)))
				return false
			}
			config = entriesOf(e.value)
		case e.key == "name":
			t.custom = pythonStr(e.value)
		case e.key == "description":
			t.description = pythonStr(e.value)
		case e.key == "arguments" && p.pkg.argumentsProperty():
			if e.value.Kind == yaml.MappingNode {
				for _, a := range entriesOf(e.value) {
					args.put(a, true)
				}
			}
		default:
			args.put(e, false)
		}
	}
	if t.target.column != "" {
		args.put(entry{key: "column_name", at: at, value: nodeOf(t.target.column, at)}, true)
	}
	return t.settle(p, args.list, config)
}

// settle takes the configuration keys out of the arguments and renders what
// holds Jinja, in the order that dbt has.
func (t *genericTest) settle(p *propertiesReader, args, config []entry) bool {
	take := func(list []entry, key string) ([]entry, *yaml.Node) {
		for i, e := range list {
			if e.key == key {
				return append(append([]entry(nil), list[:i]...), list[i+1:]...), e.value
			}
		}
		return list, nil
	}
	for _, key := range testTopKeys {
		var beside, under *yaml.Node
		args, beside = take(args, key)
		config, under = take(config, key)
		if truthy(beside) && under != nil {
			p.doc.problem(beside, "keep the one under config:", "test %s: %s stands both under config: and beside it", t.name, key)
			return false
		}
		if !truthy(beside) && under != nil {
			beside = under
		}
		t.configure(p, key, beside)
	}
	for _, e := range config {
		t.configure(p, e.key, e.value)
	}
	t.args = args
	return true
}

// configure adds one configuration value, rendered; null is none.
func (t *genericTest) configure(p *propertiesReader, key string, n *yaml.Node) {
	if n == nil {
		return
	}
	value := n
	if n.Kind == yaml.ScalarNode {
		copied := *n
		value = &copied
		p.r.scalar(value)
		if value.Kind == yaml.ScalarNode && scalar(value) == nil {
			return
		}
	}
	t.config = append(t.config, entry{key: key, value: value})
}

// truthy is Python's truth of a value.
func truthy(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode {
		return len(n.Content) > 0
	}
	switch v := scalar(n).(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

// argumentsProperty says whether arguments: of a test holds its arguments
// (dbt's behaviour flag, on by default) or is itself an argument.
func (p *Package) argumentsProperty() bool {
	on, said := p.Flags["require_generic_test_arguments_property"].(bool)
	return on || !said
}
