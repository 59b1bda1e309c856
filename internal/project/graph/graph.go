// Package graph orders the nodes of a project by what they depend on and
// selects among them with dbt's selector syntax.
package graph

import (
	"container/heap"
	"fmt"
	"sort"

	"github.com/tiendi/tiendi/internal/project"
)

// Graph is the DAG of a project's enabled nodes. It is read only and safe for
// concurrent use.
type Graph struct {
	nodes    []*project.Node // in topological order
	index    map[string]int
	parents  [][]int    // what a node depends on, ascending
	children [][]int    // what depends on a node, ascending
	up, down [][]string // the same as sorted ids
}

// New builds the graph from nodes and their DependsOn; ids that name no node
// are an error. Cycles are a project.Problems error with one problem a cycle.
func New(nodes []*project.Node) (*Graph, error) {
	sorted := append([]*project.Node(nil), nodes...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].UniqueID < sorted[j].UniqueID })
	index := make(map[string]int, len(sorted))
	for i, n := range sorted {
		if _, twice := index[n.UniqueID]; twice {
			return nil, fmt.Errorf("graph: two nodes are called %s", n.UniqueID)
		}
		index[n.UniqueID] = i
	}
	edges := make([][]int, len(sorted))
	for i, n := range sorted {
		for _, id := range n.DependsOn {
			p, ok := index[id]
			if !ok {
				return nil, fmt.Errorf("graph: %s depends on %s, which is no node of the project", n.UniqueID, id)
			}
			edges[i] = append(edges[i], p)
		}
	}
	order := topological(edges)
	if len(order) < len(sorted) {
		return nil, cycles(sorted, edges, order).Err()
	}
	return ordered(sorted, edges, order), nil
}

// topological gives the nodes after all that they depend on, the smallest
// first where either would do; nodes on or behind a cycle are left out.
func topological(edges [][]int) []int {
	waiting, children := make([]int, len(edges)), make([][]int, len(edges))
	ready := &ints{}
	for i, parents := range edges {
		waiting[i] = len(parents)
		for _, p := range parents {
			children[p] = append(children[p], i)
		}
		if len(parents) == 0 {
			*ready = append(*ready, i)
		}
	}
	heap.Init(ready)
	order := make([]int, 0, len(edges))
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int)
		order = append(order, i)
		for _, c := range children[i] {
			if waiting[c]--; waiting[c] == 0 {
				heap.Push(ready, c)
			}
		}
	}
	return order
}

// ints is a heap of numbers, the smallest on top.
type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *ints) Push(x any) { *h = append(*h, x.(int)) }

// Pop is for container/heap.
func (h *ints) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// ordered builds the graph with nodes numbered in topological order.
func ordered(sorted []*project.Node, edges [][]int, order []int) *Graph {
	g := &Graph{
		nodes: make([]*project.Node, len(order)), index: make(map[string]int, len(order)),
		parents: make([][]int, len(order)), children: make([][]int, len(order)),
		up: make([][]string, len(order)), down: make([][]string, len(order)),
	}
	position := make([]int, len(order))
	for at, i := range order {
		position[i] = at
		g.nodes[at] = sorted[i]
		g.index[sorted[i].UniqueID] = at
	}
	for at, i := range order {
		for _, p := range edges[i] {
			g.parents[at] = append(g.parents[at], position[p])
			g.children[position[p]] = append(g.children[position[p]], at)
		}
		sort.Ints(g.parents[at])
	}
	for at := range order {
		g.up[at], g.down[at] = g.ids(g.parents[at]), g.ids(g.children[at])
	}
	return g
}

// ids gives the sorted ids of some nodes.
func (g *Graph) ids(list []int) []string {
	ids := make([]string, len(list))
	for i, at := range list {
		ids[i] = g.nodes[at].UniqueID
	}
	sort.Strings(ids)
	return ids
}

// Nodes gives all nodes, each after everything that it depends on, by unique
// id where order does not matter. The list is the graph's own.
func (g *Graph) Nodes() []*project.Node { return g.nodes }

// Node finds a node by its unique id, nil when there is none.
func (g *Graph) Node(id string) *project.Node {
	if at, ok := g.index[id]; ok {
		return g.nodes[at]
	}
	return nil
}

// Parents gives the ids that a node depends on directly, sorted; none for an
// unknown id. The list is the graph's own.
func (g *Graph) Parents(id string) []string {
	if at, ok := g.index[id]; ok {
		return g.up[at]
	}
	return nil
}

// Children gives the ids that depend directly on a node, sorted; none for an
// unknown id. The list is the graph's own.
func (g *Graph) Children(id string) []string {
	if at, ok := g.index[id]; ok {
		return g.down[at]
	}
	return nil
}

// Ancestors gives everything that a node depends on, up to depth steps away,
// without bound when depth is negative; sorted.
func (g *Graph) Ancestors(id string, depth int) []string {
	return g.relatives(id, g.parents, depth)
}

// Descendants gives everything that depends on a node, up to depth steps
// away, without bound when depth is negative; sorted.
func (g *Graph) Descendants(id string, depth int) []string {
	return g.relatives(id, g.children, depth)
}

func (g *Graph) relatives(id string, edges [][]int, depth int) []string {
	at, ok := g.index[id]
	if !ok {
		return nil
	}
	from := make(set, len(g.nodes))
	from[at] = true
	var list []int
	for i, in := range reach(from, edges, depth) {
		if in {
			list = append(list, i)
		}
	}
	return g.ids(list)
}

// set marks nodes by their number.
type set []bool

// reach gives the nodes that edges lead to from a set in 1 to depth steps,
// without bound when depth is negative.
func reach(from set, edges [][]int, depth int) set {
	reached := make(set, len(from))
	var layer []int
	for i, in := range from {
		if in {
			layer = append(layer, i)
		}
	}
	for step := 0; len(layer) > 0 && (depth < 0 || step < depth); step++ {
		var next []int
		for _, i := range layer {
			for _, j := range edges[i] {
				if !reached[j] {
					reached[j] = true
					next = append(next, j)
				}
			}
		}
		layer = next
	}
	return reached
}
