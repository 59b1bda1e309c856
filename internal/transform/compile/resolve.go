package compile

import (
	"fmt"
	"sort"

	"github.com/tiendi/tiendi/internal/project"
)

// resolve turns the refs and sources of all nodes into unique ids.
func (p *parser) resolve(m *Manifest) {
	owners := measureOwners(m)
	for _, nodes := range []map[string]*project.Node{m.Nodes, m.Others} {
		for _, n := range nodes {
			ids := map[string]bool{}
			if n.Kind == project.Metric {
				resolveMetric(m, n, owners, ids)
			}
			p.resolveNode(m, n, ids)
		}
	}
}

func (p *parser) resolveNode(m *Manifest, n *project.Node, ids map[string]bool) {
	for _, r := range n.Refs {
		target, problem := p.lookup.ref(n.Package, r)
		if problem != nil {
			p.unresolved(n, problem)
			continue
		}
		p.allowed(n, target, r)
		ids[target.UniqueID] = true
	}
	for _, r := range n.SourceRefs {
		target, problem := p.lookup.source(n.Package, r)
		if problem != nil {
			if !p.project.Incomplete {
				p.unresolved(n, problem)
			}
			continue
		}
		ids[target.UniqueID] = true
	}
	for _, name := range n.MetricRefs {
		id := "metric." + n.Package + "." + name
		if m.Others[id] == nil && p.project.Incomplete {
			continue
		}
		if m.Others[id] == nil {
			p.fail(n.Place, "", "%s %s depends on the metric %s, which does not exist", n.Kind, n.Name, name)
			continue
		}
		ids[id] = true
	}
	n.DependsOn = make([]string, 0, len(ids))
	for id := range ids {
		n.DependsOn = append(n.DependsOn, id)
	}
	sort.Strings(n.DependsOn)
}

// checkPlaces reports nodes that would be built in the same place: one would
// overwrite the other.
func (p *parser) checkPlaces(m *Manifest) {
	taken := map[project.Relation]*project.Node{}
	for _, id := range keysOf(m.Nodes) {
		n := m.Nodes[id]
		if n.Kind != project.Model && n.Kind != project.Seed && n.Kind != project.Snapshot || n.Config.Materialized == "ephemeral" {
			continue
		}
		if first := taken[n.Relation]; first != nil && first.Name != n.Name {
			p.fail(n.Place, "give one of them another alias or schema", "%s %s is built as %s, and so is %s (%s)",
				n.Kind, n.Name, relationOf(n.Relation).render(), first.Name, first.Place)
			continue
		}
		taken[n.Relation] = n
	}
}

// unresolved reports a ref that leads nowhere; it says which node has it where
// the place alone does not.
func (p *parser) unresolved(n *project.Node, problem *project.Problem) {
	if problem.Place.Line == 0 {
		problem.Place = n.Place
	}
	if n.Kind == project.Test && n.Test.Generic != "" {
		problem.Message = fmt.Sprintf("test %s: %s", n.Test.Generic, problem.Message)
		problem.Place = n.Place
	}
	p.problems = append(p.problems, *problem)
}

// allowed holds refs against the access of the model they name.
func (p *parser) allowed(n, target *project.Node, r project.Ref) {
	if target.Kind != project.Model || n.UniqueID == target.UniqueID {
		return
	}
	if target.Access == "private" && (n.Config.Group == "" || n.Config.Group != target.Config.Group) {
		p.fail(r.Place, "only nodes of the group "+target.Config.Group+" may read it",
			"%s names the private model %s", refText(r), target.UniqueID)
	}
}
