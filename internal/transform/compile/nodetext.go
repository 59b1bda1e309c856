package compile

import (
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

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
		out = append(out, object{{"name", r.Name}, {"package", orNil(r.Package)}, {"version", versionNumber(r.Version)}})
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

// versionNumber is a version as templates compare it: a number where it is one.
func versionNumber(version string) any {
	if n, err := strconv.ParseInt(version, 10, 64); err == nil && strconv.FormatInt(n, 10) == version {
		return n
	}
	if f, err := strconv.ParseFloat(version, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == version {
		return f
	}
	return orNil(version)
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
			{"version", versionNumber(n.Version)}, {"latest_version", versionNumber(n.Latest)},
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
