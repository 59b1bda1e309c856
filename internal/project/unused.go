package project

import "fmt"

// unusedConfig warns of paths in the root project's config trees that no
// resource lies under: mostly slips of the keys, or a + left out before a
// mapping.
func (p *Project) unusedConfig() Problems {
	root, used := p.Root(), map[*configLevel]bool{}
	for _, n := range p.Nodes {
		level := root.levels[section(n.Kind)]
		for i := 0; level != nil && i < len(n.FQN); i++ {
			level = level.below[n.FQN[i]]
			used[level] = true
		}
	}
	var warnings Problems
	for _, name := range sortedKeys(root.levels) {
		switch name {
		case "snapshots", "unit_tests", "functions", "analyses":
			continue // read past, or configured with models
		}
		warnings = append(warnings, root.levels[name].unused(used)...)
	}
	return warnings
}

// unused warns of the levels below l that are not used.
func (l *configLevel) unused(used map[*configLevel]bool) Problems {
	var warnings Problems
	for _, key := range sortedKeys(l.below) {
		below := l.below[key]
		if used[below] {
			warnings = append(warnings, below.unused(used)...)
			continue
		}
		hint := "a package or a folder of resources is meant here"
		if contains(configKeys, key) || key == "meta" || key == "docs" {
			hint = "write +" + key + ": for configuration"
		}
		warnings = append(warnings, Problem{
			Place: below.place, Message: fmt.Sprintf("%s applies to nothing", below.path), Hint: hint,
		})
	}
	return warnings
}
