package graph

import (
	"fmt"
	"path"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// match gives the nodes that a criterion's method and value take.
func (s *selection) match(c spec) (set, error) {
	if c.method == "selector" {
		return s.namedSet(c.value)
	}
	test, err := s.matcher(c)
	if err != nil {
		return nil, err
	}
	matched := make(set, len(s.g.nodes))
	for i, n := range s.g.nodes {
		if matched[i], err = test(n); err != nil {
			return nil, fmt.Errorf("selector %q: %w", c.raw, err)
		}
	}
	return matched, nil
}

type test func(n *project.Node) (bool, error)

// sure makes a test of what cannot fail.
func sure(f func(n *project.Node) bool) test {
	return func(n *project.Node) (bool, error) { return f(n), nil }
}

// matcher gives the test that a method and its value ask of each node.
func (s *selection) matcher(c spec) (test, error) {
	switch c.method {
	case "fqn":
		return sure(func(n *project.Node) bool { return n.Kind != project.Source && matchFQN(n, c.value) }), nil
	case "tag":
		return sure(func(n *project.Node) bool { return anyMatch(n.Config.Tags, c.value) }), nil
	case "group":
		return sure(func(n *project.Node) bool {
			return n.Config.Group != "" && groupable(n.Kind) && fnmatch(n.Config.Group, c.value)
		}), nil
	case "access":
		return sure(func(n *project.Node) bool { return n.Kind == project.Model && access(n) == c.value }), nil
	case "file":
		return sure(func(n *project.Node) bool { return matchFile(n, c.value) }), nil
	case "path":
		return s.pathMatcher(c)
	case "package":
		name := c.value
		if name == "this" && s.env.Package != "" {
			name = s.env.Package
		}
		return sure(func(n *project.Node) bool { return fnmatch(n.Package, name) }), nil
	case "config":
		return configMatcher(c)
	case "source":
		return sourceMatcher(c)
	case "exposure", "metric", "semantic_model", "saved_query", "unit_test":
		return namedMatcher(c)
	case "resource_type", "test_name", "test_type", "version":
		return kindMatcher(c)
	}
	return s.stateMatcher(c)
}

func anyMatch(list []string, pattern string) bool {
	for _, one := range list {
		if fnmatch(one, pattern) {
			return true
		}
	}
	return false
}

func groupable(kind project.Kind) bool {
	switch kind {
	case project.Source, project.Exposure, project.Semantic, project.SavedQuery, project.UnitTest:
		return false
	}
	return true
}

// access is a model's access, config() in its file included.
func access(n *project.Node) string {
	if s, ok := n.Config.Values["access"].(string); ok {
		return s
	}
	return n.Access
}

// matchFQN holds a name, or a part of the path to it, against a node.
func matchFQN(n *project.Node, pattern string) bool {
	return matchNames(n.FQN, pattern, n.Version != "") || matchNames(n.FQN[1:], pattern, n.Version != "")
}

func matchNames(fqn []string, pattern string, versioned bool) bool {
	if len(fqn) == 0 {
		return false
	}
	leaf := fqn[len(fqn)-1]
	parts := strings.Split(pattern, ".")
	if versioned && len(fqn) > 1 {
		leaf = fqn[len(fqn)-2]
		if len(parts) >= 2 && strings.Join(fqn[len(fqn)-2:], "_") == strings.Join(parts[len(parts)-2:], "_") ||
			strings.Join(fqn[len(fqn)-2:], "_") == pattern {
			return true
		}
	}
	if leaf == pattern {
		return true
	}
	flat := strings.Split(strings.Join(fqn, "."), ".")
	if len(flat) < len(parts) {
		return false
	}
	for i, part := range parts {
		if strings.ContainsAny(part, "*?[]") {
			return fnmatch(strings.Join(flat[i:], "."), strings.Join(parts[i:], ".")) ||
				len(parts) == 1 && fnmatch(leaf, pattern)
		}
		if flat[i] != part {
			return false
		}
	}
	return true
}

func matchFile(n *project.Node, pattern string) bool {
	name := path.Base(n.Path)
	return fnmatch(name, pattern) || fnmatch(strings.TrimSuffix(name, path.Ext(name)), pattern)
}

// sourceMatcher takes source, source.table or package.source.table.
func sourceMatcher(c spec) (test, error) {
	parts := strings.Split(c.value, ".")
	if len(parts) > 3 {
		return nil, fmt.Errorf("selector %q: write source:name, source:name.table or source:package.name.table", c.raw)
	}
	pkg, source, table := "*", parts[0], "*"
	switch len(parts) {
	case 2:
		table = parts[1]
	case 3:
		pkg, source, table = parts[0], parts[1], parts[2]
	}
	return sure(func(n *project.Node) bool {
		return n.Kind == project.Source && fnmatch(n.Package, pkg) && fnmatch(n.Source.SourceName, source) && fnmatch(n.Name, table)
	}), nil
}

// namedMatcher takes name or package.name of one kind.
func namedMatcher(c spec) (test, error) {
	parts := strings.Split(c.value, ".")
	if len(parts) > 2 {
		return nil, fmt.Errorf("selector %q: write %s:name or %s:package.name", c.raw, c.method, c.method)
	}
	pkg, name := "*", parts[len(parts)-1]
	if len(parts) == 2 {
		pkg = parts[0]
	}
	kind := project.Kind(c.method)
	return sure(func(n *project.Node) bool {
		return n.Kind == kind && fnmatch(n.Package, pkg) && fnmatch(n.Name, name)
	}), nil
}
