package project

import (
	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/spelling"
)

var exposureTypes = []string{"dashboard", "notebook", "analysis", "ml", "application"}

func (p *propertiesReader) exposure(f *fields) {
	f.known(true, exposureKeys...)
	n := p.yamlNode(f, Exposure)
	if f.required("type") && !contains(exposureTypes, f.text("type")) {
		p.doc.problem(f.find("type"), spelling.Suggest(f.text("type"), exposureTypes), "%s has an unknown type %s", f.what, f.text("type"))
	}
	owner := f.mapping("owner")
	if owner["name"] == nil && owner["email"] == nil {
		p.doc.problem(f.node, "add owner: {name: …} or owner: {email: …}", "%s has no owner", f.what)
	}
	for _, d := range f.list("depends_on") {
		d = resolved(d)
		if !n.parseCall(d.Value, p.doc.place(d)) {
			p.doc.problem(d, "write ref('model'), source('source', 'table') or metric('metric')", "%s depends on %q, which is no ref, source or metric", f.what, d.Value)
		}
	}
	config := f.mapping("config")
	n.Properties = merged(config)
	if n.Properties == nil {
		n.Properties = map[string]any{}
	}
	if tags := sortedUnion(f.texts("tags"), asTexts(config["tags"])); len(tags) > 0 {
		n.Properties["tags"] = listOf(tags)
	}
	if meta := merged(f.mapping("meta"), asMap(config["meta"])); meta != nil {
		n.Properties["meta"] = meta
	}
	p.out.nodes = append(p.out.nodes, n)
}

// yamlNode makes the node of an entry that has no file of its own; Extra is
// the entry as plain values.
func (p *propertiesReader) yamlNode(f *fields, kind Kind) *Node {
	name := f.text("name")
	return &Node{
		UniqueID: string(kind) + "." + p.pkg.Name + "." + name,
		Kind:     kind, Package: p.pkg.Name, Name: name, FQN: fqn(p.pkg, below(p.file.Path, p.file.Base), name),
		Root: p.pkg.Root, Path: p.file.Path, Place: p.place(f),
		Description: f.text("description"), Properties: f.mapping("config"), Extra: plainMap(f.node),
	}
}

var metricName = lazyregexp.New(`^[A-Za-z]\w*$`)

// metric, semanticModel and savedQuery keep their entries as plain values;
// the semantic layer makes sense of them.
func (p *propertiesReader) metric(f *fields) {
	n := p.yamlNode(f, Metric)
	if !metricName().MatchString(n.Name) || len(n.Name) > 250 {
		p.doc.problem(f.find("name"), "use letters, digits and underscores, and begin with a letter", "%q cannot be the name of a metric", n.Name)
	}
	p.besideTagsAndMeta(f, n)
	p.out.nodes = append(p.out.nodes, n)
}

func (p *propertiesReader) semanticModel(f *fields) {
	n := p.yamlNode(f, Semantic)
	if model := f.find("model"); model != nil && !n.parseCall(f.text("model"), p.doc.place(model)) {
		p.doc.problem(model, "write model: ref('name')", "%s: model %q is no ref", f.what, f.text("model"))
	}
	p.out.nodes = append(p.out.nodes, n)
}

func (p *propertiesReader) savedQuery(f *fields) {
	n := p.yamlNode(f, SavedQuery)
	p.besideTagsAndMeta(f, n)
	p.out.nodes = append(p.out.nodes, n)
}

// besideTagsAndMeta folds tags and meta that stand beside config: into it.
func (p *propertiesReader) besideTagsAndMeta(f *fields, n *Node) {
	tags, meta := union(f.texts("tags"), asTexts(n.Properties["tags"])), merged(f.mapping("meta"), asMap(n.Properties["meta"]))
	if len(tags) == 0 && meta == nil {
		return
	}
	n.Properties = merged(n.Properties)
	if n.Properties == nil {
		n.Properties = map[string]any{}
	}
	if len(tags) > 0 {
		n.Properties["tags"] = listOf(tags)
	}
	if meta != nil {
		n.Properties["meta"] = meta
	}
}
