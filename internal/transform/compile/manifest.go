package compile

import (
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// Manifest is a parsed project. It is not changed after Parse returns, so it
// may be read from any number of goroutines.
type Manifest struct {
	Project *project.Project
	// Nodes holds what can be built or run, by unique id: models, seeds,
	// tests, analyses, snapshots, hooks of the project (operations).
	Nodes   map[string]*project.Node
	Sources map[string]*project.Node
	// Others holds exposures, metrics, semantic models and saved queries.
	Others   map[string]*project.Node
	Disabled []*project.Node
	Macros   map[string]*Macro
	Docs     map[string]*Doc
	// Warnings are what a user should know that stops nothing: properties of
	// a model that does not exist, a test on a missing column.
	Warnings project.Problems
	// Graph holds the enabled nodes and sources, and what depends on what.
	Graph *graph.Graph

	env  *environment
	key  string // of the saved parse, "" without a cache
	lazy bool   // restored: macros are parsed when a compiler is asked for
}

// MacroSource gives a macro's text and the ids of the macros that it calls;
// false when there is none of that id.
func (m *Manifest) MacroSource(id string) (text string, calls []string, ok bool) {
	mac := m.Macros[id]
	if mac == nil {
		return "", nil, false
	}
	return mac.Raw, mac.DependsOn, true
}

// link builds the graph; cycles are problems.
func (m *Manifest) link() error {
	var nodes []*project.Node
	for _, of := range []map[string]*project.Node{m.Nodes, m.Sources, m.Others} {
		for _, n := range of {
			nodes = append(nodes, n)
		}
	}
	g, err := graph.New(nodes)
	if err != nil {
		return err
	}
	m.Graph = g
	return nil
}

// Macro is a Jinja macro of the project, of a package or of tiendi itself.
type Macro struct {
	UniqueID    string // "macro.<package>.<name>"
	Package     string
	Name        string
	Path        string // from the package's root
	Place       project.Place
	Raw         string // its source, from {% macro to endmacro %}
	Description string
	DependsOn   []string // unique ids of the macros that its text calls
}

// Doc is a {% docs %} block.
type Doc struct {
	UniqueID string // "doc.<package>.<name>"
	Package  string
	Name     string
	Path     string
	Contents string
}
