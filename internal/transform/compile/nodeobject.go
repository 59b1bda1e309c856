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
