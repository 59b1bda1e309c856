package semantic

import (
	"slices"
	"strings"
)

// arguments are MetricFlow's, in their order, of the references and of their methods.
var arguments = map[string][]string{
	"Dimension":     {"name", "entity_path"},
	"TimeDimension": {"time_dimension_name", "time_granularity_name", "entity_path", "date_part_name"},
	"Entity":        {"entity_name", "entity_path"},
	"Metric":        {"metric_name", "group_by"},
	"grain":         {"time_granularity"},
	"date_part":     {"date_part_name"},
}

// named gives an argument: by its name, or by its place.
func (c call) named(name string) (argument, bool) {
	place := slices.Index(arguments[c.name], name)
	for i, a := range c.args {
		if a.name == name || a.name == "" && i == place {
			return a, true
		}
	}
	return argument{}, false
}

// known refuses arguments that nothing would read.
func (c call) known() error {
	for i, a := range c.args {
		if i >= len(arguments[c.name]) || a.name != "" && !slices.Contains(arguments[c.name], a.name) {
			return wrong("", "%s takes %s, and nothing else", c.name, join(arguments[c.name]))
		}
	}
	return nil
}

// referenceOf makes sense of a call and its methods.
func referenceOf(c call, methods []call) (*reference, error) {
	if err := c.known(); err != nil {
		return nil, err
	}
	first, ok := c.named(arguments[c.name][0])
	if !ok || first.text == "" {
		return nil, wrong("", "%s(…) names nothing", c.name)
	}
	if c.name == "Metric" {
		by, _ := c.named("group_by")
		return &reference{metric: &metricReference{first.text, by.list}}, nil
	}
	name := first.text
	if path, _ := c.named("entity_path"); len(path.list) > 0 {
		name = strings.Join(path.list, "__") + "__" + name
	}
	if g, _ := c.named("time_granularity_name"); g.text != "" {
		name += "__" + strings.ToLower(g.text)
	}
	if part, _ := c.named("date_part_name"); part.text != "" {
		name += "__extract_" + strings.ToLower(part.text)
	}
	for _, m := range methods {
		if m.name != "grain" && m.name != "date_part" {
			return nil, wrong("known here: date_part, grain", "%s has no %s", c.name, m.name)
		}
		if err := m.known(); err != nil {
			return nil, err
		}
		arg, ok := m.named(arguments[m.name][0])
		if !ok {
			return nil, wrong("", "%s(…) names nothing", m.name)
		}
		name += map[string]string{"grain": "__", "date_part": "__extract_"}[m.name] + strings.ToLower(arg.text)
	}
	it, err := parseItem(name)
	return &reference{item: it}, err
}
