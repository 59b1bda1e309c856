package compile

import (
	"github.com/tiendi/tiendi/internal/project"
)

func columnObjects(columns []project.Column) object {
	o := make(object, 0, len(columns))
	for _, c := range columns {
		meta := c.Meta
		if meta == nil {
			meta = map[string]any{}
		}
		o = append(o, member{c.Name, object{
			{"name", c.Name}, {"description", c.Description}, {"meta", meta},
			{"data_type", orNil(c.DataType)}, {"constraints", constraintObjects(c.Constraints)},
			{"quote", quoteOf(c)}, {"config", object{{"meta", meta}, {"tags", orEmpty(c.Tags)}}},
			{"tags", orEmpty(c.Tags)}, {"granularity", orNil(c.Granularity)}, {"doc_blocks", []any{}},
		}})
	}
	return o
}

func quoteOf(c project.Column) any {
	if c.Quote == nil {
		return nil
	}
	return *c.Quote
}

func (e *environment) sourceObject(n *project.Node) object {
	config := configObject(n)
	settle(config, "freshness", freshnessObject(n.Source.Freshness))
	settle(config, "loaded_at_field", orNil(n.Source.LoadedAt))
	settle(config, "loaded_at_query", orNil(n.Source.LoadedAtQuery))
	extra, _ := n.Extra.(map[string]any)
	return object{
		{"database", ""}, {"schema", n.Relation.Schema}, {"name", n.Name}, {"resource_type", string(n.Kind)},
		{"package_name", n.Package}, {"path", n.Path}, {"original_file_path", n.Path},
		{"unique_id", n.UniqueID}, {"fqn", n.FQN}, {"source_name", n.Source.SourceName},
		{"source_description", n.Source.SourceDescription}, {"loader", n.Source.Loader},
		{"identifier", n.Relation.Identifier},
		{"quoting", object{{"database", nil}, {"schema", nil}, {"identifier", nil}, {"column", nil}}},
		{"loaded_at_field", orNil(n.Source.LoadedAt)}, {"loaded_at_query", orNil(n.Source.LoadedAtQuery)},
		{"freshness", freshnessObject(n.Source.Freshness)}, {"external", extra["external"]},
		{"description", n.Description}, {"columns", columnObjects(n.Columns)},
		{"meta", config.get("meta")}, {"source_meta", map[string]any{}}, {"tags", sortedTags(n)},
		{"config", config}, {"patch_path", nil}, {"unrendered_config", unrendered(n)},
		{"relation_name", relationOf(n.Relation).render()},
		{"created_at", float64(e.options.Now.UnixMicro()) / 1e6},
		{"unrendered_database", nil}, {"unrendered_schema", nil}, {"doc_blocks", []any{}},
	}
}

func freshnessObject(f *project.Freshness) object {
	if f == nil {
		f = &project.Freshness{}
	}
	threshold := func(t project.Threshold) object {
		if t.Count == 0 {
			return object{{"count", nil}, {"period", nil}}
		}
		return object{{"count", t.Count}, {"period", t.Period}}
	}
	return object{{"warn_after", threshold(f.WarnAfter)}, {"error_after", threshold(f.ErrorAfter)}, {"filter", orNil(f.Filter)}}
}

// exposureObject takes owner, type and the like from the entry as written.
func (e *environment) exposureObject(n *project.Node) object {
	extra, _ := n.Extra.(map[string]any)
	config := configObject(n)
	owner, _ := extra["owner"].(map[string]any)
	return object{
		{"name", n.Name}, {"resource_type", string(n.Kind)}, {"package_name", n.Package},
		{"path", shortPath(n)}, {"original_file_path", n.Path}, {"unique_id", n.UniqueID}, {"fqn", n.FQN},
		{"type", extra["type"]}, {"owner", object{{"email", owner["email"]}, {"name", owner["name"]}}},
		{"description", n.Description}, {"label", extra["label"]}, {"maturity", extra["maturity"]},
		{"meta", config.get("meta")}, {"tags", sortedTags(n)}, {"config", config},
		{"unrendered_config", unrendered(n)}, {"url", extra["url"]}, {"depends_on", dependsOn(n)},
		{"refs", refObjects(n.Refs)}, {"sources", sourceLists(n.SourceRefs)}, {"metrics", []any{}},
		{"created_at", float64(e.options.Now.UnixMicro()) / 1e6},
	}
}

// looseObject is an entry of the semantic layer: what names it, then its keys
// as written.
func (e *environment) looseObject(n *project.Node) object {
	o := object{
		{"name", n.Name}, {"resource_type", string(n.Kind)}, {"package_name", n.Package},
		{"path", shortPath(n)}, {"original_file_path", n.Path}, {"unique_id", n.UniqueID}, {"fqn", n.FQN},
		{"description", n.Description}, {"tags", sortedTags(n)}, {"config", configObject(n)},
		{"depends_on", dependsOn(n)}, {"refs", refObjects(n.Refs)},
		{"created_at", float64(e.options.Now.UnixMicro()) / 1e6},
	}
	extra, _ := n.Extra.(map[string]any)
	for _, key := range keysOf(extra) {
		if o.get(key) == nil && key != "config" {
			o = append(o, member{key, extra[key]})
		}
	}
	return o
}
