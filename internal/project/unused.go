package project

import (
	"fmt"
	"strings"
)

// unusedConfig warns of paths in the root project's config trees that no
// resource lies under: mostly slips of the keys, or a + left out before a
// mapping.
func (p *Project) unusedConfig() Problems {
	used := map[string]bool{}
	for _, n := range p.Nodes {
		path := section(n.Kind)
		used[path] = true
		for _, part := range n.FQN {
			path += "." + part
			used[path] = true
		}
	}
	root := p.Root()
	var warnings Problems
	for _, name := range sortedKeys(root.Trees) {
		switch name {
		case "snapshots", "unit_tests", "functions", "analyses":
			continue // read past, or configured with models
		}
		warnings = append(warnings, root.unusedBelow(name, root.Trees[name], used)...)
	}
	return warnings
}

func (p *Package) unusedBelow(path string, level map[string]any, used map[string]bool) Problems {
	var warnings Problems
	for _, key := range sortedKeys(level) {
		below, isLevel := level[key].(map[string]any)
		if !isLevel || strings.HasPrefix(key, "+") {
			continue
		}
		if at := path + "." + key; used[at] {
			warnings = append(warnings, p.unusedBelow(at, below, used)...)
			continue
		}
		hint := "a package or a folder of resources is meant here"
		if contains(configKeys, key) || key == "meta" || key == "docs" {
			hint = "write +" + key + ": for configuration"
		}
		warnings = append(warnings, Problem{
			Place:   p.places[path+"."+key],
			Message: fmt.Sprintf("%s.%s applies to nothing", path, key), Hint: hint,
		})
	}
	return warnings
}
