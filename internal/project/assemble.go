package project

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// assembly puts nodes, and what is said of them elsewhere, together.
type assembly struct {
	project   *Project
	index     map[string][]*Node // file nodes by kind, package and name
	described map[*Node]Place    // where a node has its properties
	snapshots int
	unitTests int
	functions int
	missing   int // patches without their node
	problems  Problems
	warnings  Problems
}

// maxSuggestions bounds the looking for near names, which compares with every
// name there is: a project whose folders moved has thousands missing.
const maxSuggestions = 20

func nodeKey(kind Kind, pkg, name string) string { return string(kind) + "\x00" + pkg + "\x00" + name }

// file takes one file and the node that it makes.
func (a *assembly) file(f *File, n *Node) {
	p := a.project
	switch {
	case f.Kind == FileMacro || f.Kind == FileGenericTest:
		p.Macros = append(p.Macros, *f)
	case f.Kind == FileDocs:
		p.Docs = append(p.Docs, *f)
	case f.Kind == FileSnapshot:
		a.snapshots++
	case n != nil:
		if strings.Contains(n.Name, " ") {
			a.fail(n.Place, "rename the file", "the name of a %s must not hold spaces: %q", n.Kind, n.Name)
		}
		p.Nodes = append(p.Nodes, n)
		key := nodeKey(n.Kind, n.Package, n.Name)
		a.index[key] = append(a.index[key], n)
	}
	f.Raw = "" // nodes and lists hold it now
}

func (a *assembly) fail(at Place, hint, format string, args ...any) {
	a.problems = append(a.problems, Problem{Place: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (a *assembly) warn(at Place, hint, format string, args ...any) {
	a.warnings = append(a.warnings, Problem{Place: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// take takes what one properties file says.
func (a *assembly) take(said *properties) {
	a.problems = append(a.problems, said.problems...)
	a.warnings = append(a.warnings, said.warnings...)
	for i := range said.patches {
		a.patch(&said.patches[i])
	}
	p := a.project
	p.Nodes = append(append(p.Nodes, said.nodes...), said.tests...)
	p.Patches = append(p.Patches, said.macros...)
	p.Groups = append(p.Groups, said.groups...)
	a.snapshots += said.snapshots
	a.unitTests += said.unitTests
	a.functions += said.functions
}

// patch lays properties onto the node that they describe.
func (a *assembly) patch(pa *patch) {
	nodes := a.named(pa)
	if len(nodes) == 0 {
		hint := ""
		if a.missing++; a.missing <= maxSuggestions {
			hint = spelling.Suggest(pa.name, a.names(pa.kind, pa.pkg))
		}
		a.warn(pa.place, hint, "there is no %s %s for these properties", pa.kind, pa.name)
		return
	}
	for _, n := range nodes {
		if first, twice := a.described[n]; twice {
			a.fail(pa.place, "keep one of them", "%s %s is described twice; the other entry is at %s", n.Kind, n.Name, first)
			continue
		}
		a.described[n] = pa.place
		a.lay(pa, n)
	}
}

// named finds the nodes that a patch means: of its package first, then of any.
func (a *assembly) named(pa *patch) []*Node {
	names := pa.files
	if pa.version == "" {
		names = []string{pa.name}
	}
	for _, name := range names {
		if nodes := a.index[nodeKey(pa.kind, pa.pkg, name)]; len(nodes) > 0 {
			return nodes
		}
		for _, pkg := range a.project.Packages {
			if nodes := a.index[nodeKey(pa.kind, pkg.Name, name)]; len(nodes) > 0 && pa.version == "" {
				return nodes
			}
		}
	}
	return nil
}

func (a *assembly) names(kind Kind, pkg string) []string {
	prefix, list := nodeKey(kind, pkg, ""), []string(nil)
	for key := range a.index {
		if strings.HasPrefix(key, prefix) {
			list = append(list, strings.TrimPrefix(key, prefix))
		}
	}
	sort.Strings(list)
	return list
}

func (a *assembly) lay(pa *patch, n *Node) {
	n.PatchPath, n.PatchPackage = pa.path, pa.pkg
	n.Description, n.Columns, n.Constraints = pa.description, pa.columns, pa.constraints
	n.Properties = pa.config
	if pa.extra != nil {
		n.Extra = pa.extra
	}
	if pa.version == "" {
		return
	}
	n.Version, n.Latest, n.Name = pa.version, pa.latest, pa.model
	n.UniqueID = "model." + n.Package + "." + pa.model + ".v" + pa.version
	n.FQN = append(n.FQN[:len(n.FQN)-1:len(n.FQN)-1], pa.model, "v"+pa.version)
}

// notices tells once of what is read past.
func (a *assembly) notices(files []*File) {
	python := 0
	for _, f := range files {
		if f.Kind == FileModel && strings.EqualFold(path.Ext(f.Path), ".py") {
			python++
		}
	}
	for _, one := range []struct {
		count int
		what  string
	}{
		{a.snapshots, "snapshots"}, {a.unitTests, "unit tests"}, {a.functions, "functions"}, {python, "Python models"},
	} {
		if one.count > 0 {
			a.warn(Place{}, "", "%s are read past: this version does not run them yet (%d found)", one.what, one.count)
		}
	}
}

// settle drops tests whose node is missing and resolves the configuration of
// what has none in a file of its own.
func (a *assembly) settle() {
	p := a.project
	known := make(map[string]bool, len(p.Nodes))
	for _, n := range p.Nodes {
		known[n.UniqueID] = true
	}
	kept := p.Nodes[:0]
	for _, n := range p.Nodes {
		if n.Kind == Test && n.Test.AttachedTo != "" && !known[n.Test.AttachedTo] {
			continue // its entry was warned of
		}
		kept = append(kept, n)
		a.access(n)
		if n.Kind == Model || n.Kind == Test || n.Kind == Analysis {
			continue // config() in their files comes first
		}
		config, problems := ResolveConfig(p, n, nil)
		n.Config = config
		a.problems = append(a.problems, problems...)
		a.source(n)
	}
	p.Nodes = kept
}

var accesses = []string{"private", "protected", "public"}

func (a *assembly) access(n *Node) {
	if n.Kind != Model {
		return
	}
	n.Access = "protected"
	if said, ok := n.Properties["access"].(string); ok {
		if n.Access = said; !contains(accesses, said) {
			a.fail(a.described[n], spelling.Suggest(said, accesses), "model %s has an unknown access %s", n.Name, said)
		}
	}
}

// source takes from a source's settled configuration what it is asked for.
func (a *assembly) source(n *Node) {
	if n.Kind != Source {
		return
	}
	n.Source.Freshness, _ = freshnessOf(n.Config.Values) // settled has reported what is wrong with it
	n.Source.LoadedAt, _ = n.Config.Values["loaded_at_field"].(string)
	n.Source.LoadedAtQuery, _ = n.Config.Values["loaded_at_query"].(string)
}
