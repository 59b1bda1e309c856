package graph

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// cycles reports the cycles of a graph, so many that every node that lies on
// one lies on a reported one. order are the nodes that can be ordered.
func cycles(nodes []*project.Node, edges [][]int, order []int) project.Problems {
	open := make(set, len(nodes))
	for i := range open {
		open[i] = true
	}
	for _, i := range order {
		open[i] = false
	}
	reported := make(set, len(nodes))
	var problems project.Problems
	for i := range nodes {
		if !open[i] || reported[i] {
			continue
		}
		path := shortestCycle(i, edges, open)
		if path == nil {
			continue // it only stands behind a cycle
		}
		for _, at := range path {
			reported[at] = true
		}
		problems = append(problems, cycleProblem(nodes, path))
	}
	return problems
}

// shortestCycle walks from a node through what it depends on back to it; nil
// when there is no way back.
func shortestCycle(start int, edges [][]int, open set) []int {
	from := map[int]int{}
	layer := []int{start}
	for len(layer) > 0 {
		var next []int
		for _, i := range layer {
			for _, j := range edges[i] {
				if j == start {
					return pathTo(i, start, from)
				}
				if _, seen := from[j]; !seen && open[j] {
					from[j] = i
					next = append(next, j)
				}
			}
		}
		layer = next
	}
	return nil
}

func pathTo(last, start int, from map[int]int) []int {
	path := []int{last}
	for last != start {
		last = from[last]
		path = append(path, last)
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// cycleProblem words a cycle: the path, and where each step is written.
func cycleProblem(nodes []*project.Node, path []int) project.Problem {
	names := make([]string, 0, len(path)+1)
	var steps []string
	var first project.Place
	for k, i := range path {
		n, next := nodes[i], nodes[path[(k+1)%len(path)]]
		names = append(names, n.Name)
		at := refPlace(n, next)
		if k == 0 {
			first = at
		}
		steps = append(steps, fmt.Sprintf("%s needs %s at %s", n.Name, next.Name, at))
	}
	names = append(names, nodes[path[0]].Name)
	return project.Problem{
		Place:   first,
		Message: "nodes depend on each other in a circle: " + strings.Join(names, " → "),
		Hint:    strings.Join(steps, "\n  ") + "\n  remove one of these",
	}
}

// refPlace is where n refers to another node; the node's own place when the
// call is not known.
func refPlace(n, to *project.Node) project.Place {
	for _, r := range n.Refs {
		if r.Name == to.Name && (r.Package == "" || r.Package == to.Package) && (r.Version == "" || r.Version == to.Version) {
			return r.Place
		}
	}
	return n.Place
}
