package compile

import (
	"fmt"
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// lookup finds the node that a ref or a source means, by dbt's order of
// packages: the one that is named; else the package of the node that asks, the
// root project, then any.
type lookup struct {
	root     string
	refs     map[string]map[string]*project.Node // name → package → node
	sources  map[string]map[string]*project.Node // source.table → package → node
	disabled map[string]*project.Node            // by name, and source.table
}

func newLookup(root string, nodes, disabled []*project.Node) *lookup {
	l := &lookup{
		root: root, refs: map[string]map[string]*project.Node{},
		sources: map[string]map[string]*project.Node{}, disabled: map[string]*project.Node{},
	}
	put := func(in map[string]map[string]*project.Node, key string, n *project.Node) {
		if in[key] == nil {
			in[key] = map[string]*project.Node{}
		}
		in[key][n.Package] = n
	}
	for _, n := range nodes {
		switch n.Kind {
		case project.Model, project.Seed, project.Snapshot:
			if n.Version != "" {
				put(l.refs, n.Name+".v"+n.Version, n)
			}
			if n.Version == "" || n.Version == n.Latest {
				put(l.refs, n.Name, n)
			}
		case project.Source:
			put(l.sources, n.Source.SourceName+"."+n.Name, n)
		}
	}
	for _, n := range disabled {
		l.disabled[disabledKey(n)] = n
	}
	return l
}

func disabledKey(n *project.Node) string {
	if n.Kind == project.Source {
		return n.Source.SourceName + "." + n.Name
	}
	return n.Name
}

// ref finds what r means in a node of package from.
func (l *lookup) ref(from string, r project.Ref) (*project.Node, *project.Problem) {
	key := r.Name
	if r.Version != "" {
		key += ".v" + r.Version
	}
	n, several := l.find(l.refs[key], from, r.Package)
	if n != nil {
		return n, nil
	}
	p := &project.Problem{Place: r.Place}
	switch {
	case several != nil:
		p.Message = fmt.Sprintf("%s could mean any of %s", refText(r), strings.Join(several, ", "))
		p.Hint = "name the package: ref('package', '" + r.Name + "')"
	case l.disabled[r.Name] != nil:
		p.Message = fmt.Sprintf("%s names %s, which is disabled", refText(r), l.disabled[r.Name].UniqueID)
		p.Hint = "enable it (enabled: true), or leave it out here"
	case r.Version != "" && l.refs[r.Name] != nil:
		p.Message = fmt.Sprintf("%s names a version that does not exist", refText(r))
		p.Hint = "known versions of " + r.Name + ": " + strings.Join(l.versions(r.Name), ", ")
	default:
		p.Message = fmt.Sprintf("%s names no model, seed or snapshot", refText(r))
		p.Hint = hint(r.Name, l.refNames(r.Package))
	}
	return nil, p
}

func (l *lookup) versions(name string) []string {
	var out []string
	for key := range l.refs {
		if v, ok := strings.CutPrefix(key, name+".v"); ok {
			out = append(out, v)
		}
	}
	sort.Strings(out)
	return out
}

// source finds what r means in a node of package from.
func (l *lookup) source(from string, r project.SourceRef) (*project.Node, *project.Problem) {
	key := r.Source + "." + r.Table
	n, several := l.find(l.sources[key], from, "")
	if n != nil {
		return n, nil
	}
	call := fmt.Sprintf("source('%s', '%s')", r.Source, r.Table)
	p := &project.Problem{Place: r.Place}
	switch {
	case several != nil:
		p.Message = fmt.Sprintf("%s could mean any of %s", call, strings.Join(several, ", "))
		p.Hint = "rename one of the sources"
	case l.disabled[key] != nil:
		p.Message = fmt.Sprintf("%s names %s, which is disabled", call, l.disabled[key].UniqueID)
	default:
		p.Message = call + " names no table of a source"
		if near := hint(key, keysOf(l.sources)); near != "" {
			p.Hint = near
		} else {
			p.Hint = "describe it under sources: in a properties file"
		}
	}
	return nil, p
}

// find picks among the packages that have the name. The second result lists
// the candidates when nothing decides between them.
func (l *lookup) find(in map[string]*project.Node, from, wanted string) (*project.Node, []string) {
	if wanted != "" {
		return in[wanted], nil
	}
	if n := in[from]; n != nil {
		return n, nil
	}
	if n := in[l.root]; n != nil {
		return n, nil
	}
	var ids []string
	var only *project.Node
	for _, n := range in {
		only = n
		ids = append(ids, n.UniqueID)
	}
	if len(ids) > 1 {
		sort.Strings(ids)
		return nil, ids
	}
	return only, nil
}

func (l *lookup) refNames(pkg string) []string {
	var out []string
	for name, in := range l.refs {
		if pkg == "" || in[pkg] != nil {
			out = append(out, name)
		}
	}
	return out
}

func keysOf[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
