package project

import (
	"fmt"
	"sort"
)

// CheckNames reports enabled nodes that cannot stand beside each other: the
// same unique id, or the same name among models, seeds and snapshots of one
// package (ref could mean either).
func CheckNames(enabled []*Node) Problems {
	var problems Problems
	ids, names := map[string]*Node{}, map[string]*Node{}
	sorted := append([]*Node(nil), enabled...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i].Place, sorted[j].Place
		return a.File < b.File || a.File == b.File && a.Line < b.Line
	})
	for _, n := range sorted {
		if first := ids[n.UniqueID]; first != nil {
			problems = append(problems, Problem{
				Place:   n.Place,
				Message: fmt.Sprintf("%s %s is defined twice; the other one is at %s", n.Kind, n.Name, first.Place),
				Hint:    twiceHint(n),
			})
			continue
		}
		ids[n.UniqueID] = n
		if n.Kind != Model && n.Kind != Seed && n.Kind != Snapshot || n.Version != "" {
			continue
		}
		key := n.Package + "\x00" + n.Name
		if first := names[key]; first != nil {
			problems = append(problems, Problem{
				Place:   n.Place,
				Message: fmt.Sprintf("%s %s has the name of the %s at %s: ref('%s') could mean either", n.Kind, n.Name, first.Kind, first.Place, n.Name),
				Hint:    "rename one of them",
			})
			continue
		}
		names[key] = n
	}
	return problems
}

func twiceHint(n *Node) string {
	if n.Kind == Test {
		return "remove one of them, or give one a name:"
	}
	return "rename one of them, or disable one with enabled: false"
}
