package compile

import (
	"path"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// nodeObject is a node as the manifest has it, and as templates see it as
// model and in graph.
func (e *environment) nodeObject(n *project.Node) object {
	switch n.Kind {
	case project.Source:
		return e.sourceObject(n)
	case project.Exposure:
		return e.exposureObject(n)
	case project.Metric:
		return e.metricObject(n)
	case project.Semantic:
		return e.semanticObject(n)
	case project.SavedQuery:
		return e.looseObject(n)
	}
	o := append(e.headObject(n), e.textObject(n)...)
	return append(o, e.kindObject(n)...)
}

// headObject is what names and configures a node.
func (e *environment) headObject(n *project.Node) object {
	config := configObject(n)
	return object{
		{"database", ""}, {"schema", n.Relation.Schema}, {"name", n.Name},
		{"resource_type", string(n.Kind)}, {"package_name", n.Package},
		{"path", shortPath(n)}, {"original_file_path", n.Path}, {"unique_id", n.UniqueID},
		{"fqn", n.FQN}, {"alias", n.Relation.Identifier}, {"checksum", checksumObject(n)},
		{"config", config}, {"tags", sortedTags(n)}, {"description", n.Description},
		{"columns", columnObjects(n.Columns)}, {"meta", config.get("meta")},
		{"group", config.get("group")}, {"docs", docsOf(config)},
		{"patch_path", patchPath(n)}, {"build_path", nil},
		{"unrendered_config", unrendered(n)},
		{"created_at", float64(e.options.Now.UnixMicro()) / 1e6},
		{"relation_name", e.relationName(n)}, {"raw_code", n.Raw}, {"doc_blocks", []any{}},
	}
}

func docsOf(config object) any {
	if docs := config.get("docs"); docs != nil {
		return docs
	}
	return object{{"show", true}, {"node_color", nil}}
}

// shortPath is a node's path below the folder that its kind is kept in, or the
// file that dbt writes for a generic test.
func shortPath(n *project.Node) string {
	if n.Kind == project.Test && n.Test.Generic != "" {
		return n.Test.FileName
	}
	depth := len(n.FQN) - 1 // package, folders, name
	if n.Kind == project.Analysis {
		return path.Join(append(slices.Clone(n.FQN[1:len(n.FQN)-1]), path.Base(n.Path))...)
	}
	if n.Version != "" {
		depth--
	}
	parts := strings.Split(n.Path, "/")
	return strings.Join(parts[max(0, len(parts)-depth):], "/")
}

func checksumObject(n *project.Node) object {
	if n.Checksum == "" {
		return object{{"name", "none"}, {"checksum", ""}}
	}
	return object{{"name", "sha256"}, {"checksum", n.Checksum}}
}

func sortedTags(n *project.Node) []string {
	if n.Config.Tags == nil {
		return []string{}
	}
	return n.Config.Tags
}

func patchPath(n *project.Node) any {
	if n.PatchPath == "" {
		return nil
	}
	pkg := n.PatchPackage
	if pkg == "" {
		pkg = n.Package
	}
	return pkg + "://" + n.PatchPath
}

func unrendered(n *project.Node) map[string]any {
	if n.Config.Values == nil {
		return map[string]any{}
	}
	return n.Config.Values
}

// relationName is where the node is built, nil when it is not.
func (e *environment) relationName(n *project.Node) any {
	switch n.Kind {
	case project.Model:
		if n.Config.Materialized == "ephemeral" {
			return nil
		}
	case project.Test:
		if !e.storesFailures(n) {
			return nil
		}
	case project.Seed, project.Snapshot:
	default:
		return nil
	}
	return relationOf(n.Relation).render()
}

func (e *environment) storesFailures(n *project.Node) bool {
	if as, ok := n.Config.Values["store_failures_as"].(string); ok {
		return as == "table" || as == "view"
	}
	if on, ok := n.Config.Values["store_failures"].(bool); ok {
		return on
	}
	return e.options.Flags.StoreFailures
}

// textObject is what a node's text reads; seeds have none.
func (e *environment) textObject(n *project.Node) object {
	if n.Kind == project.Seed {
		return object{{"root_path", n.Root}, {"depends_on", object{{"macros", []any{}}}}}
	}
	return object{
		{"language", "sql"}, {"refs", refObjects(n.Refs)}, {"sources", sourceLists(n.SourceRefs)},
		{"metrics", []any{}}, {"functions", []any{}}, {"depends_on", dependsOn(n)},
		{"compiled_path", nil}, {"contract", object{{"enforced", false}, {"alias_types", true}, {"checksum", nil}}},
	}
}

func dependsOn(n *project.Node) object {
	return object{{"macros", orEmpty(n.Macros)}, {"nodes", orEmpty(n.DependsOn)}}
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func refObjects(refs []project.Ref) []object {
	out := make([]object, 0, len(refs))
	for _, r := range refs {
		out = append(out, object{{"name", r.Name}, {"package", orNil(r.Package)}, {"version", orNil(r.Version)}})
	}
	return out
}

func sourceLists(refs []project.SourceRef) []any {
	out := make([]any, 0, len(refs))
	for _, r := range refs {
		out = append(out, []string{r.Source, r.Table})
	}
	return out
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// kindObject is what only models or tests have.
func (e *environment) kindObject(n *project.Node) object {
	switch n.Kind {
	case project.Model:
		access := n.Access
		if access == "" {
			access = "protected"
		}
		return object{
			{"access", access}, {"constraints", constraintObjects(n.Constraints)},
			{"version", orNil(n.Version)}, {"latest_version", orNil(n.Latest)},
			{"deprecation_date", nil}, {"primary_key", []any{}}, {"time_spine", timeSpine(n)},
		}
	case project.Test:
		if n.Test.Generic == "" {
			return nil
		}
		return object{
			{"column_name", orNil(n.Test.Column)}, {"file_key_name", fileKey(n)},
			{"attached_node", attachedNode(n)}, {"test_metadata", testMetadata(n)},
		}
	}
	return nil
}

// fileKey is where the properties file has the test: models.customers.
func fileKey(n *project.Node) any {
	parts := strings.Split(n.Test.AttachedTo, ".")
	if len(parts) < 3 {
		return nil
	}
	return parts[0] + "s." + parts[2]
}

func attachedNode(n *project.Node) any {
	if strings.HasPrefix(n.Test.AttachedTo, "source.") {
		return nil
	}
	return orNil(n.Test.AttachedTo)
}

func testMetadata(n *project.Node) object {
	kwargs := object{}
	for _, key := range keysOf(n.Test.Arguments) {
		kwargs = append(kwargs, member{key, n.Test.Arguments[key]})
	}
	kwargs = append(kwargs, member{"model", modelText(n)})
	return object{{"name", n.Test.Generic}, {"kwargs", kwargs}, {"namespace", orNil(n.Test.Namespace)}}
}

func timeSpine(n *project.Node) any {
	extra, _ := n.Extra.(map[string]any)
	spine := asMap(extra["time_spine"])
	if spine == nil {
		return nil
	}
	return filled(spine, object{{"standard_granularity_column", nil}, {"custom_granularities", []any{}}})
}

func constraintObjects(list []map[string]any) []any {
	out := make([]any, len(list))
	for i, c := range list {
		out[i] = c
	}
	return out
}
