package project

import (
	"sort"

	"go.yaml.in/yaml/v3"
)

// columns reads columns:, tests left to columnTests.
func (p *propertiesReader) columns(list []*yaml.Node, what string) []Column {
	var columns []Column
	seen := map[string]*yaml.Node{}
	for _, n := range list {
		f := p.doc.fields(n, what+": a column")
		if f == nil || f.has("include") || f.has("exclude") || !f.required("name") {
			continue
		}
		f.what = what + ", column " + f.text("name")
		f.known(false, columnKeys...)
		c := Column{
			Name: f.text("name"), Description: f.text("description"), DataType: f.text("data_type"),
			Constraints: f.mappings("constraints"), Granularity: f.text("granularity"), Config: f.mapping("config"),
		}
		c.Quote = f.flag("quote")
		c.Meta = merged(f.mapping("meta"), asMap(c.Config["meta"]))
		c.Tags = union(f.texts("tags"), asTexts(c.Config["tags"]))
		if first := seen[c.Name]; first != nil {
			p.doc.warn(f.node, "remove one of them", "%s is described twice: the entry on line %d is ignored", f.what, first.Line)
			columns = dropColumn(columns, c.Name)
		}
		seen[c.Name] = f.node
		columns = append(columns, c)
	}
	return columns
}

func dropColumn(columns []Column, name string) []Column {
	kept := columns[:0:0]
	for _, c := range columns {
		if c.Name != name {
			kept = append(kept, c)
		}
	}
	return kept
}

// testNodes gives the entries of data_tests: or, by its former name, tests:.
func (p *propertiesReader) testNodes(f *fields) []*yaml.Node {
	if f.find("tests") != nil && f.find("data_tests") != nil {
		p.doc.problem(f.find("tests"), "move them all under data_tests:", "%s has both tests: and data_tests:", f.what)
		return nil
	}
	if f.find("tests") != nil {
		return f.list("tests")
	}
	return f.list("data_tests")
}

// asMap gives a mapping's value, nil for everything else.
func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// asTexts gives a list of strings or one string alone.
func asTexts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, one := range v {
			if s, ok := one.(string); ok {
				list = append(list, s)
			}
		}
		return list
	case []string:
		return v
	}
	return nil
}

// merged lays later maps over earlier ones; nil when all are empty.
func merged(maps ...map[string]any) map[string]any {
	var all map[string]any
	for _, m := range maps {
		for k, v := range m {
			if all == nil {
				all = map[string]any{}
			}
			all[k] = v
		}
	}
	return all
}

// union joins lists, each text once, in their order.
func union(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		for _, s := range list {
			if !contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// sortedUnion is union in the order of the alphabet.
func sortedUnion(lists ...[]string) []string {
	all := union(lists...)
	sort.Strings(all)
	return all
}
