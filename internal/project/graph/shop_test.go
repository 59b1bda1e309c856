package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

const shopDir = "../testdata/shop"

// inFile is what config() says in the files of the shop.
var inFile = map[string][]map[string]any{
	"model.shop.raw_events": {{"tags": []any{"events", "daily"}, "full_refresh": false}},
	"model.shop.customers":  {{"materialized": "table", "meta": map[string]any{"tier": int64(1)}, "tags": "core", "order_by": "id"}},
	"model.shop.old_report": {{"enabled": false}},
	"test.shop.no_orphans":  {{"tags": []any{"orphans"}, "severity": "error"}},
}

// render knows the few expressions that the shop holds.
func render(text string, scope project.Scope) (any, error) {
	switch text {
	case "{{ env_var('SHOP_MART', 'table') }}":
		return "table", nil
	case "orders_{{ target.name }}":
		return "orders_dev", nil
	}
	name := strings.TrimSuffix(strings.TrimPrefix(text, "{{ var('"), "') }}")
	if v, ok := scope.Vars[name]; ok {
		return v, nil
	}
	return nil, fmt.Errorf("the test does not know %q", text)
}

// loadShop gives the graph of the project in ../testdata/shop with the
// dependencies that dbt found in its files.
func loadShop(t testing.TB) (*project.Project, *graph.Graph) {
	t.Helper()
	p, err := project.Load(context.Background(), project.Options{Dir: shopDir, Render: render})
	if err != nil {
		t.Fatal(err)
	}
	var dbt struct {
		Nodes map[string]struct {
			DependsOn []string `json:"depends_on"`
		} `json:"nodes"`
	}
	text, err := os.ReadFile("../testdata/shop.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &dbt); err != nil {
		t.Fatal(err)
	}
	var enabled []*project.Node
	for _, n := range p.Nodes {
		config, problems := project.ResolveConfig(p, n, inFile[n.UniqueID])
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		n.Config, n.DependsOn = config, dbt.Nodes[n.UniqueID].DependsOn
		if config.Enabled {
			enabled = append(enabled, n)
		}
	}
	g, err := graph.New(enabled)
	if err != nil {
		t.Fatal(err)
	}
	return p, g
}
