package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// nodesOf makes models from lines "name: parent parent".
func nodesOf(lines ...string) []*project.Node {
	var nodes []*project.Node
	for i, line := range lines {
		name, parents, _ := strings.Cut(line, ":")
		n := &project.Node{
			Kind: project.Model, Package: "p", Name: name, UniqueID: "model.p." + name, FQN: []string{"p", name}, Raw: "select 1",
			Place: project.Place{File: "models/" + name + ".sql", Line: 1, Column: 1},
		}
		for j, parent := range strings.Fields(parents) {
			n.DependsOn = append(n.DependsOn, "model.p."+parent)
			n.Refs = append(n.Refs, project.Ref{Name: parent, Place: project.Place{File: n.Place.File, Line: i + 1, Column: 10 * (j + 1)}})
		}
		nodes = append(nodes, n)
	}
	return nodes
}

func namesOf(nodes []*project.Node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	return strings.Join(names, " ")
}

func TestOrderIsStable(t *testing.T) {
	lines := []string{"d: b c", "c: a", "b: a", "a:", "z:", "e: z a"}
	for range 20 {
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		g, err := graph.New(nodesOf(lines...))
		if err != nil {
			t.Fatal(err)
		}
		if got := namesOf(g.Nodes()); got != "a b c d z e" {
			t.Fatalf("got %s", got)
		}
	}
}

func TestRelatives(t *testing.T) {
	g, err := graph.New(nodesOf("a:", "b: a", "c: b", "d: c a", "e:"))
	if err != nil {
		t.Fatal(err)
	}
	short := func(ids []string) string { return strings.ReplaceAll(strings.Join(ids, " "), "model.p.", "") }
	for _, c := range []struct{ what, got, want string }{
		{"parents of d", short(g.Parents("model.p.d")), "a c"},
		{"children of a", short(g.Children("model.p.a")), "b d"},
		{"ancestors of d", short(g.Ancestors("model.p.d", -1)), "a b c"},
		{"1 up from d", short(g.Ancestors("model.p.d", 1)), "a c"},
		{"0 up from d", short(g.Ancestors("model.p.d", 0)), ""},
		{"descendants of a", short(g.Descendants("model.p.a", -1)), "b c d"},
		{"1 down from b", short(g.Descendants("model.p.b", 1)), "c"},
		{"of nothing", short(g.Ancestors("model.p.x", -1)) + short(g.Parents("x")) + short(g.Children("x")), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
	if g.Node("model.p.a").Name != "a" || g.Node("model.p.x") != nil {
		t.Error("Node finds what there is and nothing else")
	}
}

func TestCyclesAreAllReported(t *testing.T) {
	_, err := graph.New(nodesOf("a: c", "b: a", "c: b", "x: y", "y: x", "self: self", "behind: a", "fine:"))
	want := `models/a.sql:1:10: nodes depend on each other in a circle: a → c → b → a
  a needs c at models/a.sql:1:10
  c needs b at models/c.sql:3:10
  b needs a at models/b.sql:2:10
  remove one of these
models/self.sql:6:10: nodes depend on each other in a circle: self → self
  self needs self at models/self.sql:6:10
  remove one of these
models/x.sql:4:10: nodes depend on each other in a circle: x → y → x
  x needs y at models/x.sql:4:10
  y needs x at models/y.sql:5:10
  remove one of these`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

func TestNewRefusesWhatDoesNotFit(t *testing.T) {
	if _, err := graph.New(nodesOf("a: missing")); err == nil || !strings.Contains(err.Error(), "model.p.a depends on model.p.missing") {
		t.Errorf("got %v", err)
	}
	if _, err := graph.New(nodesOf("a:", "a:")); err == nil || !strings.Contains(err.Error(), "two nodes are called model.p.a") {
		t.Errorf("got %v", err)
	}
}

// naive selects by walking from every node, with no sharing and no sets.
func naive(nodes []*project.Node, name string, up, down int, at bool) []string {
	byID := map[string]*project.Node{}
	for _, n := range nodes {
		byID[n.UniqueID] = n
	}
	taken := map[string]bool{}
	var climb, sink func(id string, steps int)
	climb = func(id string, steps int) {
		taken[id] = true
		if steps != 0 {
			for _, p := range byID[id].DependsOn {
				climb(p, steps-1)
			}
		}
	}
	sink = func(id string, steps int) {
		taken[id] = true
		if at {
			climb(id, -1)
		}
		for _, n := range nodes {
			if steps != 0 && slices.Contains(n.DependsOn, id) {
				sink(n.UniqueID, steps-1)
			}
		}
	}
	climb("model.p."+name, up)
	sink("model.p."+name, down)
	var ids []string
	for id := range taken {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func TestSelectAgreesWithNaive(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var lines []string
		for i := range 1 + rnd.IntN(12) {
			line := fmt.Sprintf("n%d:", i)
			for j := range i {
				if rnd.IntN(3) == 0 {
					line += fmt.Sprintf(" n%d", j)
				}
			}
			lines = append(lines, line)
		}
		nodes := nodesOf(lines...)
		g, err := graph.New(nodes)
		if err != nil {
			t.Fatal(err)
		}
		name, up, down := fmt.Sprintf("n%d", rnd.IntN(len(lines))), rnd.IntN(4)-1, rnd.IntN(4)-1
		text, at := name, rnd.IntN(4) == 0
		switch {
		case at:
			text, up, down = "@"+name, 0, -1
		default:
			text = depthText(up) + "+" + name + "+" + depthText(down)
		}
		got, err := graph.Select(g, []string{text}, nil, graph.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if want := naive(nodes, name, up, down, at); !slices.Equal(idsOf(got), want) {
			t.Fatalf("%s of %q: got %v, want %v", text, lines, idsOf(got), want)
		}
	}
}

func depthText(depth int) string {
	if depth < 0 {
		return ""
	}
	return fmt.Sprint(depth)
}

// TestSetsAgreeWithNaive holds union, intersection and exclusion of random
// selectors against plain sets of names.
func TestSetsAgreeWithNaive(t *testing.T) {
	lines := []string{"n0:", "n1: n0", "n2: n0", "n3: n1 n2", "n4: n3", "n5:", "n6: n5 n3"}
	g, err := graph.New(nodesOf(lines...))
	if err != nil {
		t.Fatal(err)
	}
	one := func(text string) []string {
		nodes, err := graph.Select(g, []string{text}, nil, graph.Env{})
		if err != nil {
			t.Fatal(err)
		}
		return idsOf(nodes)
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	pick := func() string {
		return []string{"+", "", "1+"}[rnd.IntN(3)] + fmt.Sprintf("n%d", rnd.IntN(7)) + []string{"+", ""}[rnd.IntN(2)]
	}
	for range 300 {
		a, b, c, x := pick(), pick(), pick(), pick()
		nodes, err := graph.Select(g, []string{a + "," + b + " " + c}, []string{x}, graph.Env{})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, n := range g.Nodes() {
			id := n.UniqueID
			in := slices.Contains(one(a), id) && slices.Contains(one(b), id) || slices.Contains(one(c), id)
			if in && !slices.Contains(one(x), id) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		if got := idsOf(nodes); !slices.Equal(got, append([]string{}, want...)) {
			t.Fatalf("%s,%s %s --exclude %s: got %v, want %v", a, b, c, x, got, want)
		}
	}
}
