package graph

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// pathMatcher takes nodes whose file, properties file or folder matches. As
// in dbt only what exists in the root project can match, so a package's file
// is meant when the root has one of that name.
func (s *selection) pathMatcher(c spec) (test, error) {
	pattern := cleanPattern(c.value)
	if path.IsAbs(pattern) {
		return nil, fmt.Errorf("selector %q: give the path relative to the project's folder", c.raw)
	}
	exists := map[string]bool{}
	here := func(n *project.Node, name string) bool {
		if n.Package == s.env.Package || s.env.Root == "" {
			return true
		}
		known, ok := exists[name]
		if !ok {
			_, err := os.Stat(filepath.Join(s.env.Root, filepath.FromSlash(name)))
			known = err == nil
			exists[name] = known
		}
		return known
	}
	return sure(func(n *project.Node) bool {
		if n.PatchPath != "" && pathMatch(n.PatchPath, pattern) && here(n, n.PatchPath) {
			return true
		}
		for name := n.Path; ; name = path.Dir(name) {
			if pathMatch(name, pattern) && here(n, name) {
				return true
			}
			if name == "." || name == "/" || !strings.Contains(name, "/") {
				return pattern == "."
			}
		}
	}), nil
}
