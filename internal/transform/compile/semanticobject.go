package compile

import (
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// filled lays an entry's written keys over the keys that the manifest wants,
// each with its default.
func filled(written map[string]any, defaults object) object {
	for i := range defaults {
		if v, ok := written[defaults[i].key]; ok && v != nil {
			defaults[i].value = v
		}
	}
	return defaults
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// named is an entry that may be written as its name alone.
func named(v any) map[string]any {
	if name, ok := v.(string); ok {
		return map[string]any{"name": name}
	}
	return asMap(v)
}

// filterObject is a filter: one condition, or several that must all hold.
func filterObject(v any) any {
	var conditions []object
	switch v := v.(type) {
	case string:
		conditions = []object{{{"where_sql_template", v}}}
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				conditions = append(conditions, object{{"where_sql_template", s}})
			}
		}
	}
	if conditions == nil {
		return nil
	}
	return object{{"where_filters", conditions}}
}

// windowObject is a window of time: "28 days".
func windowObject(v any) any {
	s, _ := v.(string)
	number, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil
	}
	return object{{"count", n}, {"granularity", strings.TrimSuffix(strings.TrimSpace(unit), "s")}}
}

func measureObject(v any) any {
	m := named(v)
	if m == nil {
		return nil
	}
	o := filled(m, object{{"name", nil}, {"filter", nil}, {"alias", nil}, {"join_to_timespine", false}, {"fill_nulls_with", nil}})
	settle(o, "filter", filterObject(m["filter"]))
	return o
}

func inputMetric(v any) any {
	m := named(v)
	if m == nil {
		return nil
	}
	o := filled(m, object{{"name", nil}, {"filter", nil}, {"alias", nil}, {"offset_window", nil}, {"offset_to_grain", nil}})
	settle(o, "filter", filterObject(m["filter"]))
	settle(o, "offset_window", windowObject(m["offset_window"]))
	return o
}

// metricObject is a metric's entry of the manifest.
func (e *environment) metricObject(n *project.Node) object {
	extra, _ := n.Extra.(map[string]any)
	meta, _ := n.Config.Values["meta"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
	}
	return object{
		{"name", n.Name}, {"resource_type", "metric"}, {"package_name", n.Package}, {"path", shortPath(n)},
		{"original_file_path", n.Path}, {"unique_id", n.UniqueID}, {"fqn", n.FQN}, {"description", n.Description},
		{"label", extra["label"]}, {"type", extra["type"]}, {"type_params", e.metricParams(n)},
		{"filter", filterObject(extra["filter"])}, {"metadata", nil}, {"time_granularity", extra["time_granularity"]},
		{"meta", meta}, {"tags", sortedTags(n)},
		{"config", object{{"enabled", n.Config.Enabled}, {"group", orNil(n.Config.Group)}, {"meta", meta}}},
		{"unrendered_config", unrendered(n)}, {"sources", []any{}}, {"depends_on", dependsOn(n)},
		{"refs", []any{}}, {"metrics", []any{}}, {"created_at", float64(e.options.Now.UnixMicro()) / 1e6},
		{"group", orNil(n.Config.Group)},
	}
}

func (e *environment) metricParams(n *project.Node) object {
	extra, _ := n.Extra.(map[string]any)
	p := asMap(extra["type_params"])
	inputs := []any{}
	for _, v := range e.measuresOf(n, map[string]bool{}) {
		inputs = append(inputs, measureObject(v))
	}
	metrics := []any{}
	list, _ := p["metrics"].([]any)
	for _, one := range list {
		metrics = append(metrics, inputMetric(one))
	}
	return object{
		{"measure", measureObject(p["measure"])}, {"input_measures", inputs},
		{"numerator", inputMetric(p["numerator"])}, {"denominator", inputMetric(p["denominator"])},
		{"expr", p["expr"]}, {"window", windowObject(p["window"])}, {"grain_to_date", p["grain_to_date"]},
		{"metrics", metrics}, {"conversion_type_params", conversionObject(asMap(p["conversion_type_params"]))},
		{"cumulative_type_params", cumulativeObject(asMap(p["cumulative_type_params"]))}, {"metric_aggregation_params", nil},
	}
}

func cumulativeObject(c map[string]any) any {
	if c == nil {
		return nil
	}
	o := filled(c, object{{"window", nil}, {"grain_to_date", nil}, {"period_agg", "first"}, {"metric", nil}})
	settle(o, "window", windowObject(c["window"]))
	return o
}

func conversionObject(c map[string]any) any {
	if c == nil {
		return nil
	}
	o := filled(c, object{
		{"base_measure", nil}, {"conversion_measure", nil}, {"base_metric", nil}, {"conversion_metric", nil},
		{"entity", nil}, {"calculation", "conversion_rate"}, {"window", nil}, {"constant_properties", nil},
	})
	settle(o, "base_measure", measureObject(c["base_measure"]))
	settle(o, "conversion_measure", measureObject(c["conversion_measure"]))
	settle(o, "window", windowObject(c["window"]))
	return o
}

// metricInputs are the measures and the metrics that a metric is made of.
func metricInputs(n *project.Node) (measures, metrics []any) {
	extra, _ := n.Extra.(map[string]any)
	p := asMap(extra["type_params"])
	conversion := asMap(p["conversion_type_params"])
	for _, v := range []any{p["measure"], conversion["base_measure"], conversion["conversion_measure"]} {
		if v != nil {
			measures = append(measures, v)
		}
	}
	list, _ := p["metrics"].([]any)
	for _, v := range append([]any{p["numerator"], p["denominator"]}, list...) {
		if v != nil {
			metrics = append(metrics, v)
		}
	}
	return measures, metrics
}

// measuresOf are the measures of a metric and of those that it is made of.
func (e *environment) measuresOf(n *project.Node, seen map[string]bool) []any {
	if n == nil || seen[n.UniqueID] {
		return nil
	}
	seen[n.UniqueID] = true
	measures, metrics := metricInputs(n)
	for _, v := range metrics {
		name, _ := named(v)["name"].(string)
		measures = append(measures, e.measuresOf(e.man.Others["metric."+n.Package+"."+name], seen)...)
	}
	return measures
}
