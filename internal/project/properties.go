package project

import (
	"go.yaml.in/yaml/v3"
)

// properties is what one properties file says.
type properties struct {
	problems, warnings Problems

	patches   []patch
	nodes     []*Node // sources, exposures, metrics, semantic models, saved queries
	tests     []*Node
	macros    []MacroPatch
	groups    []Group
	snapshots int
	unitTests int
	functions int
}

// patch is what a file says of a node that a file of its own defines.
type patch struct {
	kind        Kind
	pkg         string
	name        string // of the file's node
	place       Place
	path        string
	description string
	config      map[string]any
	columns     []Column
	constraints []map[string]any
	extra       map[string]any

	// Of versioned models: the name they all share, and names of files that may
	// hold this version.
	model, version, latest string
	files                  []string
}

// propertiesReader reads one properties file.
type propertiesReader struct {
	doc  *document
	r    renderer
	pkg  *Package
	file *File
	out  *properties
}

// readProperties reads a properties file; what is wrong is in its problems.
func readProperties(d *document, text []byte, pkg *Package, file *File, r renderer) *properties {
	r.doc = d
	p := &propertiesReader{doc: d, r: r, pkg: pkg, file: file, out: &properties{}}
	if top := d.parse(text); top != nil {
		p.top(top)
	}
	p.out.problems, p.out.warnings = d.problems, d.warnings
	return p.out
}

func (p *propertiesReader) top(top *yaml.Node) {
	f := p.doc.fields(top, "a properties file")
	if f == nil {
		return
	}
	f.known(false, propertiesKeys...)
	if n := f.find("version"); n != nil {
		if v, ok := plain(n).(int64); !ok || v != 2 {
			p.doc.problem(n, "write version: 2 or leave it out", "version %s of properties files is not supported", n.Value)
		}
	}
	for _, section := range []struct {
		key  string
		read func(*fields)
	}{
		{"models", p.model}, {"seeds", p.seed}, {"analyses", p.analysis}, {"data_tests", p.singularTest},
		{"sources", p.source}, {"macros", p.macro}, {"exposures", p.exposure}, {"groups", p.group},
		{"metrics", p.metric}, {"semantic_models", p.semanticModel}, {"saved_queries", p.savedQuery},
	} {
		p.section(f, section.key, section.read)
	}
	p.out.snapshots = len(f.list("snapshots"))
	p.out.unitTests = len(f.list("unit_tests"))
	p.out.functions = len(f.list("functions"))
}

// section reads the entries of one list, rendering each by the rule of its
// section first.
func (p *propertiesReader) section(f *fields, key string, read func(*fields)) {
	for _, n := range f.list(key) {
		if k := resolved(n).Kind; k != yaml.MappingNode {
			p.doc.problem(n, "write - name: …", "an entry of %s must be a mapping with a name, not %s", key, article(kindName(n)))
			continue
		}
		p.r.render(resolved(n), nil, keptAsWritten[key])
		entry := p.doc.fields(n, "an entry of "+key)
		if !entry.required("name") {
			continue
		}
		entry.what = singular[key] + " " + entry.text("name")
		read(entry)
	}
}

var singular = map[string]string{
	"models": "model", "seeds": "seed", "analyses": "analysis", "data_tests": "test", "sources": "source",
	"macros": "macro", "exposures": "exposure", "groups": "group", "metrics": "metric",
	"semantic_models": "semantic model", "saved_queries": "saved query",
}

// place is where an entry's name stands.
func (p *propertiesReader) place(f *fields) Place { return p.doc.place(f.node) }

// config reads config: and folds in the keys that may stand beside it.
func (p *propertiesReader) config(f *fields, beside ...string) map[string]any {
	config := f.mapping("config")
	for _, key := range beside {
		n := f.find(key)
		if n == nil {
			continue
		}
		if _, twice := config[key]; twice {
			p.doc.problem(n, "keep the one under config:", "%s: %s stands both under config: and beside it", f.what, key)
			continue
		}
		if config == nil {
			config = map[string]any{}
		}
		config[key] = plain(n)
	}
	return config
}

func (p *propertiesReader) macro(f *fields) {
	f.known(false, "name", "description", "docs", "meta", "arguments", "config")
	m := MacroPatch{
		Package: p.pkg.Name, Name: f.text("name"), Description: f.text("description"),
		Meta: f.mapping("meta"), Docs: f.mapping("docs"), Place: p.place(f), Path: p.file.Path,
	}
	config := f.mapping("config")
	if meta, ok := config["meta"].(map[string]any); ok && m.Meta == nil {
		m.Meta = meta
	}
	if docs, ok := config["docs"].(map[string]any); ok && m.Docs == nil {
		m.Docs = docs
	}
	for _, n := range f.list("arguments") {
		if a := p.doc.fields(n, f.what+": an argument"); a != nil && a.required("name") {
			a.known(false, "name", "type", "description")
			m.Arguments = append(m.Arguments, MacroArgument{a.text("name"), a.text("type"), a.text("description")})
		}
	}
	p.out.macros = append(p.out.macros, m)
}

func (p *propertiesReader) group(f *fields) {
	f.known(true, "name", "owner", "description", "config")
	owner := f.mapping("owner")
	if owner["name"] == nil && owner["email"] == nil {
		p.doc.problem(f.node, "add owner: {name: …} or owner: {email: …}", "%s has no owner", f.what)
	}
	p.out.groups = append(p.out.groups, Group{
		Package: p.pkg.Name, Name: f.text("name"), Owner: owner, Place: p.place(f), Path: p.file.Path,
	})
}
