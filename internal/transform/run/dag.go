package run

import (
	"sort"

	"github.com/tiendi/tiendi/internal/project"
)

// dag is the part of the project that a run builds: which of its nodes wait
// for which.
type dag struct {
	nodes    []*project.Node
	parents  [][]int
	children [][]int
	depth    []int // nodes on the longest way down, itself included
}

// newDAG keeps the order of selected nodes also where nodes between them are
// not selected. With gates, as in build, a node also waits for the tests of
// what it stands on, so that it is not built on data that failed.
func newDAG(nodes []*project.Node, g Graph, gates bool) *dag {
	d := &dag{
		nodes: nodes, parents: make([][]int, len(nodes)),
		children: make([][]int, len(nodes)), depth: make([]int, len(nodes)),
	}
	w := newWalk(nodes, g)
	for i, n := range nodes {
		d.parents[i] = w.nearest(n.UniqueID)
	}
	if gates {
		d.addGates(w)
	}
	for i, parents := range d.parents {
		for _, p := range parents {
			d.children[p] = append(d.children[p], i)
		}
	}
	for i := range nodes {
		d.measure(i)
	}
	return d
}

func (d *dag) measure(i int) int {
	if d.depth[i] == 0 {
		d.depth[i] = 1
		for _, c := range d.children[i] {
			d.depth[i] = max(d.depth[i], 1+d.measure(c))
		}
	}
	return d.depth[i]
}

// addGates adds an edge from a test to every node that stands on all that the
// test looks at.
func (d *dag) addGates(w *walk) {
	tests := map[string][]int{} // by what they look at
	for i, n := range d.nodes {
		if n.Kind == project.Test || n.Kind == project.UnitTest {
			for _, p := range w.graph.Parents(n.UniqueID) {
				tests[p] = append(tests[p], i)
			}
		}
	}
	if len(tests) == 0 {
		return
	}
	for i, n := range d.nodes {
		if n.Kind == project.Test || n.Kind == project.UnitTest {
			continue
		}
		above := w.ancestors(n.UniqueID)
		found := map[int]bool{}
		for id := range above {
			for _, t := range tests[id] {
				if !found[t] && contains(above, w.graph.Parents(d.nodes[t].UniqueID)) {
					found[t] = true
				}
			}
		}
		for t := range found {
			d.parents[i] = append(d.parents[i], t)
		}
		sort.Ints(d.parents[i])
	}
}

func contains(set map[string]bool, ids []string) bool {
	for _, id := range ids {
		if !set[id] {
			return false
		}
	}
	return true
}

// below gives all nodes that wait for a node, directly or not.
func (d *dag) below(i int) []int {
	seen := map[int]bool{}
	var out []int
	stack := []int{i}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, c := range d.children[top] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
				stack = append(stack, c)
			}
		}
	}
	sort.Ints(out)
	return out
}

// walk goes up the whole graph.
type walk struct {
	graph Graph
	index map[string]int
	above map[string]map[string]bool
	near  map[string][]int
}

func newWalk(nodes []*project.Node, g Graph) *walk {
	w := &walk{graph: g, index: map[string]int{}, above: map[string]map[string]bool{}, near: map[string][]int{}}
	for i, n := range nodes {
		w.index[n.UniqueID] = i
	}
	return w
}

// nearest gives the selected nodes that are met first on each way up.
func (w *walk) nearest(id string) []int {
	if known, ok := w.near[id]; ok {
		return known
	}
	found := map[int]bool{}
	for _, p := range w.graph.Parents(id) {
		if i, ok := w.index[p]; ok {
			found[i] = true
			continue
		}
		for _, i := range w.nearest(p) {
			found[i] = true
		}
	}
	out := make([]int, 0, len(found))
	for i := range found {
		out = append(out, i)
	}
	sort.Ints(out)
	w.near[id] = out
	return out
}

func (w *walk) ancestors(id string) map[string]bool {
	if known, ok := w.above[id]; ok {
		return known
	}
	out := map[string]bool{}
	for _, p := range w.graph.Parents(id) {
		out[p] = true
		for a := range w.ancestors(p) {
			out[a] = true
		}
	}
	w.above[id] = out
	return out
}
