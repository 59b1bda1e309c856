package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

// configMatcher compares one configuration value: config.materialized:table,
// config.meta.owner:finance. A list matches when the value is in it.
func configMatcher(c spec) (test, error) {
	if len(c.arguments) == 0 {
		return nil, fmt.Errorf("selector %q: say which key: config.materialized:table", c.raw)
	}
	fold := len(c.arguments) == 1 && c.arguments[0] == "severity"
	return sure(func(n *project.Node) bool {
		switch n.Kind {
		case project.Exposure, project.Metric, project.Semantic, project.SavedQuery, project.UnitTest:
			return false
		}
		v, ok := configValue(n, c.arguments)
		if !ok {
			return false
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, one := range list {
			if equalValue(one, c.value, fold) {
				return true
			}
		}
		return false
	}), nil
}

// configValue walks down a node's configuration, standard values included.
func configValue(n *project.Node, keys []string) (any, bool) {
	v, ok := n.Config.Values[strings.ReplaceAll(keys[0], "_hook", "-hook")]
	if !ok {
		v, ok = n.Config.Values[keys[0]]
	}
	switch keys[0] {
	case "materialized":
		v, ok = n.Config.Materialized, n.Kind != project.Source
	case "enabled":
		v, ok = n.Config.Enabled, true
	case "severity":
		if !ok && n.Kind == project.Test {
			v, ok = "ERROR", true
		}
	}
	for _, key := range keys[1:] {
		m, isMap := v.(map[string]any)
		if !ok || !isMap {
			return nil, false
		}
		v, ok = m[key]
	}
	return v, ok
}

// equalValue compares a value with the selector's text; as in dbt a number
// equals no text.
func equalValue(v any, text string, fold bool) bool {
	switch v := v.(type) {
	case string:
		return v == text || fold && strings.EqualFold(v, text)
	case bool:
		return strings.EqualFold(text, strconv.FormatBool(v))
	}
	return false
}

// kindMatcher takes nodes by what they are.
func kindMatcher(c spec) (test, error) {
	switch c.method {
	case "resource_type":
		return resourceType(c)
	case "test_name":
		return sure(func(n *project.Node) bool {
			return n.Kind == project.Test && n.Test.Generic != "" && fnmatch(n.Test.Generic, c.value) ||
				n.Kind == project.UnitTest && fnmatch(n.Name, c.value)
		}), nil
	case "test_type":
		return testType(c)
	}
	return versionMatcher(c)
}

var kinds = []string{
	"model", "seed", "test", "source", "analysis", "exposure", "metric", "semantic_model", "operation", "snapshot",
	"unit_test", "saved_query", "function",
}

func resourceType(c spec) (test, error) {
	if !slices.Contains(kinds, c.value) {
		return nil, unknownValue(c, kinds)
	}
	return sure(func(n *project.Node) bool { return string(n.Kind) == c.value }), nil
}

func unknownValue(c spec, known []string) error {
	hint := "write one of: " + strings.Join(known, ", ")
	if near := spelling.Near(c.value, known); near != "" {
		hint = "did you mean " + c.method + ":" + near + "?"
	}
	return fmt.Errorf("selector %q: there is no %s %s\n  %s", c.raw, strings.ReplaceAll(c.method, "_", " "), c.value, hint)
}

func testType(c spec) (test, error) {
	generic, singular, unit := false, false, false
	switch c.value {
	case "generic", "schema":
		generic = true
	case "data":
		generic, singular = true, true
	case "singular":
		singular = true
	case "unit":
		unit = true
	default:
		return nil, unknownValue(c, []string{"generic", "singular", "unit", "data"})
	}
	return sure(func(n *project.Node) bool {
		switch n.Kind {
		case project.Test:
			return n.Test.Generic != "" && generic || n.Test.Generic == "" && singular
		case project.UnitTest:
			return unit
		}
		return false
	}), nil
}

func versionMatcher(c spec) (test, error) {
	model := func(f func(n *project.Node) bool) test {
		return sure(func(n *project.Node) bool { return n.Kind == project.Model && f(n) })
	}
	switch c.value {
	case "latest":
		return model(func(n *project.Node) bool { return n.Version != "" && n.Version == n.Latest }), nil
	case "prerelease":
		return model(func(n *project.Node) bool { return n.Version != "" && project.OlderVersion(n.Latest, n.Version) }), nil
	case "old":
		return model(func(n *project.Node) bool { return n.Version != "" && project.OlderVersion(n.Version, n.Latest) }), nil
	case "none":
		return model(func(n *project.Node) bool { return n.Version == "" }), nil
	}
	return nil, unknownValue(c, []string{"latest", "prerelease", "old", "none"})
}
