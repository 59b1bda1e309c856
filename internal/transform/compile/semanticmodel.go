package compile

import "github.com/tiendi/tiendi/internal/project"

// semanticObject is a semantic model's entry of the manifest.
func (e *environment) semanticObject(n *project.Node) object {
	extra, _ := n.Extra.(map[string]any)
	config := object{{"enabled", n.Config.Enabled}, {"group", orNil(n.Config.Group)}, {"meta", metaOf(n)}}
	return object{
		{"name", n.Name}, {"resource_type", "semantic_model"}, {"package_name", n.Package}, {"path", shortPath(n)},
		{"original_file_path", n.Path}, {"unique_id", n.UniqueID}, {"fqn", n.FQN}, {"model", extra["model"]},
		{"node_relation", e.nodeRelation(n)}, {"description", orNil(n.Description)}, {"label", extra["label"]},
		{"defaults", extra["defaults"]}, {"entities", eachOf(extra["entities"], entityObject)},
		{"measures", eachOf(extra["measures"], semanticMeasure)}, {"dimensions", eachOf(extra["dimensions"], dimensionObject)},
		{"metadata", nil}, {"depends_on", dependsOn(n)}, {"refs", refObjects(n.Refs)},
		{"created_at", float64(e.options.Now.UnixMicro()) / 1e6}, {"config", config},
		{"unrendered_config", unrendered(n)}, {"primary_entity", extra["primary_entity"]}, {"group", orNil(n.Config.Group)},
	}
}

func metaOf(n *project.Node) map[string]any {
	if meta, ok := n.Config.Values["meta"].(map[string]any); ok {
		return meta
	}
	return map[string]any{}
}

// nodeRelation is where the model is built that a semantic model is made of.
func (e *environment) nodeRelation(n *project.Node) any {
	for _, id := range n.DependsOn {
		if m := e.man.Nodes[id]; m != nil {
			return object{
				{"alias", m.Relation.Identifier}, {"schema_name", m.Relation.Schema}, {"database", ""},
				{"relation_name", relationOf(m.Relation).render()},
			}
		}
	}
	return nil
}

func eachOf(v any, make func(map[string]any) object) []object {
	list, _ := v.([]any)
	out := []object{}
	for _, one := range list {
		out = append(out, make(asMap(one)))
	}
	return out
}

// entryConfig is the configuration of a part of a semantic model.
func entryConfig(m map[string]any) object {
	return filled(asMap(m["config"]), object{{"meta", map[string]any{}}})
}

func entityObject(m map[string]any) object {
	o := filled(m, object{{"name", nil}, {"type", nil}, {"description", nil}, {"label", nil}, {"role", nil}, {"expr", nil}, {"config", nil}})
	settle(o, "config", entryConfig(m))
	return o
}

func semanticMeasure(m map[string]any) object {
	o := filled(m, object{
		{"name", nil}, {"agg", nil}, {"description", nil}, {"label", nil}, {"create_metric", false}, {"expr", nil},
		{"agg_params", nil}, {"non_additive_dimension", nil}, {"agg_time_dimension", nil}, {"config", nil},
	})
	if d := asMap(m["non_additive_dimension"]); d != nil {
		settle(o, "non_additive_dimension", filled(d, object{{"name", nil}, {"window_choice", "min"}, {"window_groupings", []any{}}}))
	}
	if p := asMap(m["agg_params"]); p != nil {
		settle(o, "agg_params", filled(p, object{{"percentile", nil}, {"use_discrete_percentile", false}, {"use_approximate_percentile", false}}))
	}
	settle(o, "config", entryConfig(m))
	return o
}

func dimensionObject(m map[string]any) object {
	o := filled(m, object{
		{"name", nil}, {"type", nil}, {"description", nil}, {"label", nil}, {"is_partition", false},
		{"type_params", nil}, {"expr", nil}, {"metadata", nil}, {"config", nil},
	})
	if p := asMap(m["type_params"]); p != nil {
		settle(o, "type_params", filled(p, object{{"time_granularity", nil}, {"validity_params", nil}}))
	}
	settle(o, "config", entryConfig(m))
	return o
}

// measureOwners maps each measure to its semantic model.
func measureOwners(m *Manifest) map[string]*project.Node {
	owners := map[string]*project.Node{}
	for _, n := range m.Others {
		if n.Kind != project.Semantic {
			continue
		}
		extra, _ := n.Extra.(map[string]any)
		list, _ := extra["measures"].([]any)
		for _, one := range list {
			if name, ok := asMap(one)["name"].(string); ok {
				owners[n.Package+"."+name] = n
			}
		}
	}
	return owners
}

// resolveMetric adds what a metric is made of to its dependencies. Names that
// lead nowhere are the semantic layer's to report.
func resolveMetric(m *Manifest, n *project.Node, owners map[string]*project.Node, ids map[string]bool) {
	measures, metrics := metricInputs(n)
	for _, v := range measures {
		name, _ := named(v)["name"].(string)
		if owner := owners[n.Package+"."+name]; owner != nil {
			ids[owner.UniqueID] = true
		}
	}
	for _, v := range metrics {
		name, _ := named(v)["name"].(string)
		if id := "metric." + n.Package + "." + name; m.Others[id] != nil && id != n.UniqueID {
			ids[id] = true
		}
	}
}
