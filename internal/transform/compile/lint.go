package compile

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/project"
)

// lintMaterializedViews reports materialized views that would never see new
// rows: ClickHouse feeds a view from inserts into the table it reads, so
// nothing comes through a view, nor out of a table that is swapped for a
// rebuilt one. One parent that is inserted into is enough, the others may be
// joined to it.
func lintMaterializedViews(m *Manifest) project.Problems {
	var problems project.Problems
	for _, n := range m.Nodes {
		if n.Kind != project.Model || n.Config.Materialized != "materialized_view" {
			continue
		}
		var blind project.Problems
		for _, id := range n.DependsOn {
			above := m.Nodes[id]
			if above == nil { // a source: something else inserts into it
				blind = nil
				break
			}
			why, then := blindFor(above)
			if why == "" {
				blind = nil
				break
			}
			blind = append(blind, project.Problem{
				Place:   refPlace(n, above),
				Message: fmt.Sprintf("the materialized view %s reads %s, %s: it would never see new rows", n.Name, above.Name, why),
				Hint:    then,
			})
		}
		problems = append(problems, blind...)
	}
	return problems
}

// blindFor says why a materialized view on n would stay empty, and what to do;
// both are "" when rows inserted into n reach the view.
func blindFor(n *project.Node) (why, then string) {
	const instead = "let it read the table that is inserted into (an append-only model or a source), or make it a table or incremental model"
	switch n.Config.Materialized {
	case "view":
		return "which is a view", "a view passes no inserts on; " + instead
	case "table":
		return "which is swapped for a new table in every run", instead
	case "incremental":
		if !appends(n) {
			return "an incremental model whose rebuilt slices are swapped in", instead
		}
	}
	return "", ""
}

// appends says whether an incremental model only ever gets rows inserted: it
// is a table that others write into (full_refresh: false) or appends.
func appends(n *project.Node) bool {
	if n.Config.FullRefresh != nil && !*n.Config.FullRefresh {
		strategy, _ := n.Config.Values["incremental_strategy"].(string)
		return strategy == "" || strategy == "append"
	}
	return false
}

// refPlace is where n refers to above.
func refPlace(n, above *project.Node) project.Place {
	for _, r := range n.Refs {
		if r.Name == above.Name && (r.Package == "" || r.Package == above.Package) {
			return r.Place
		}
	}
	return n.Place
}

// lintMicrobatches warns of microbatch models whose every batch reads all of
// its inputs, since none of them says what its event_time is.
func lintMicrobatches(m *Manifest) project.Problems {
	var warnings project.Problems
	for _, n := range m.Nodes {
		if n.Kind != project.Model || n.Config.Values["incremental_strategy"] != "microbatch" {
			continue
		}
		timed := false
		for _, id := range n.DependsOn {
			for _, above := range []*project.Node{m.Nodes[id], m.Sources[id]} {
				timed = timed || above != nil && above.Config.Values["event_time"] != nil
			}
		}
		if !timed {
			warnings = append(warnings, project.Problem{
				Place:   n.Place,
				Message: fmt.Sprintf("microbatch model %s: none of its inputs has an event_time, so every batch reads all of their rows", n.Name),
				Hint:    "give the input that is sliced the config event_time",
			})
		}
	}
	return warnings
}
