package graph_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// TestSelectAgreesWithDbt holds every selector of testdata/dbt_ls.json
// against what `dbt ls` 1.11 printed for it.
func TestSelectAgreesWithDbt(t *testing.T) {
	var cases []struct {
		Select, Exclude    []string
		Indirect, Selector string
		Nodes              []string
	}
	text, err := os.ReadFile("testdata/dbt_ls.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	p, g := loadShop(t)
	for _, c := range cases {
		env := graph.Env{Package: "shop", Root: shopDir, Indirect: graph.Indirect(c.Indirect), Selectors: p.Selectors, Hollow: true}
		var nodes []*project.Node
		if c.Selector != "" {
			nodes, err = graph.Named(g, c.Selector, env)
		} else {
			nodes, err = graph.Select(g, c.Select, c.Exclude, env)
		}
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		got := idsOf(nodes)
		if more, fewer := without(got, c.Nodes), without(c.Nodes, got); len(more)+len(fewer) > 0 {
			t.Errorf("--select %q --exclude %q --indirect-selection %q --selector %q: dbt does not take %q and takes %q",
				c.Select, c.Exclude, c.Indirect, c.Selector, more, fewer)
		}
	}
}

func idsOf(nodes []*project.Node) []string {
	ids := []string{}
	for _, n := range nodes {
		ids = append(ids, n.UniqueID)
	}
	slices.Sort(ids)
	return ids
}

// without gives what is in a and not in b.
func without(a, b []string) []string {
	var rest []string
	for _, id := range a {
		if !slices.Contains(b, id) {
			rest = append(rest, id)
		}
	}
	return rest
}
