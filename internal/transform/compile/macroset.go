package compile

import (
	"fmt"
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// Packages of the macros that come with tiendi, under dbt's names, since
// projects and artifacts name them so.
const (
	corePackage    = "dbt"
	adapterPackage = "dbt_clickhouse"
)

// adapterPrefixes are the prefixes that adapter.dispatch tries.
var adapterPrefixes = []string{"clickhouse__", "default__"}

// macroDef is a macro together with its parsed block.
type macroDef struct {
	*Macro
	def   *jinja.Definition
	calls []jinja.CallSite
}

// macroSet finds macros by dbt's rules. It is read only once it is built.
type macroSet struct {
	root     string // the root project's package
	packages map[string]map[string]*macroDef
	internal map[string]*macroDef // the builtin ones, the adapter's before the core's
	dispatch map[string][]string  // macro namespace → packages to search
}

func newMacroSet(root string, dispatch []project.Dispatch) *macroSet {
	s := &macroSet{
		root: root, packages: map[string]map[string]*macroDef{},
		internal: map[string]*macroDef{}, dispatch: map[string][]string{},
	}
	for _, d := range dispatch {
		s.dispatch[d.Namespace] = d.SearchOrder
	}
	return s
}

// add keeps a macro. A second one of the same name in a package is a problem.
func (s *macroSet) add(m *macroDef) *project.Problem {
	pkg := s.packages[m.Package]
	if pkg == nil {
		pkg = map[string]*macroDef{}
		s.packages[m.Package] = pkg
	}
	if first := pkg[m.Name]; first != nil {
		return &project.Problem{
			Place:   m.Place,
			Message: fmt.Sprintf("the macro %s is defined twice in package %s, first at %s", m.Name, m.Package, first.Place),
			Hint:    "rename or delete one of them",
		}
	}
	pkg[m.Name] = m
	if builtinPackage(m.Package) && (m.Package == adapterPackage || s.internal[m.Name] == nil) {
		s.internal[m.Name] = m
	}
	return nil
}

func builtinPackage(name string) bool { return name == corePackage || name == adapterPackage }

// find looks for an unqualified name as seen from a node of package from: its
// own package, the root project, then the builtin macros.
func (s *macroSet) find(from, name string) *macroDef {
	if m := s.packages[from][name]; m != nil {
		return m
	}
	if m := s.packages[s.root][name]; m != nil {
		return m
	}
	return s.internal[name]
}

// namespace gives the macros that pkg.name can mean, nil when there is no such
// package.
func (s *macroSet) namespace(pkg string) map[string]*macroDef {
	if pkg == corePackage {
		return s.internal
	}
	return s.packages[pkg]
}

// dispatched finds the macro that adapter.dispatch(name, namespace) means. The
// second result lists what was searched for.
func (s *macroSet) dispatched(from, name, namespace string) (*macroDef, []string) {
	var tried []string
	for _, pkg := range s.searchOrder(namespace) {
		for _, prefix := range adapterPrefixes {
			full := prefix + name
			if pkg == "" {
				tried = append(tried, full)
				if m := s.find(from, full); m != nil {
					return m, nil
				}
				continue
			}
			tried = append(tried, pkg+"."+full)
			if m := s.namespace(pkg)[full]; m != nil {
				return m, nil
			}
		}
	}
	return nil, tried
}

// link finds out which macros each macro calls by its text.
func (s *macroSet) link() {
	for _, pkg := range s.packages {
		for _, m := range pkg {
			seen := map[string]bool{}
			for _, site := range m.calls {
				if called := s.called(m.Package, site); called != nil && called != m && !seen[called.UniqueID] {
					seen[called.UniqueID] = true
					m.DependsOn = append(m.DependsOn, called.UniqueID)
				}
			}
			m.calls = nil
		}
	}
}

// called is the macro that a call names, also through adapter.dispatch.
func (s *macroSet) called(from string, site jinja.CallSite) *macroDef {
	pkg, name, dotted := strings.Cut(site.Name, ".")
	switch {
	case !dotted:
		return s.find(from, site.Name)
	case site.Name == "adapter.dispatch":
		if len(site.Args) == 0 {
			return nil
		}
		name, _ := text(site.Args[0])
		namespace := ""
		if len(site.Args) > 1 {
			namespace, _ = text(site.Args[1])
		}
		m, _ := s.dispatched(from, name, namespace)
		return m
	}
	return s.namespace(pkg)[name]
}

// searchOrder gives the packages to search for a namespace; "" is the order of
// unqualified names.
func (s *macroSet) searchOrder(namespace string) []string {
	if order := s.dispatch[namespace]; order != nil {
		return order
	}
	if namespace == "" || builtinPackage(namespace) || s.packages[namespace] == nil {
		return []string{""}
	}
	return []string{s.root, namespace}
}

// names lists what unqualified names and packages can mean, for hints.
func (s *macroSet) names(from string) []string {
	var out []string
	for _, pkg := range []string{from, s.root} {
		for name := range s.packages[pkg] {
			out = append(out, name)
		}
	}
	for name := range s.internal {
		out = append(out, name)
	}
	for name := range s.packages {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
