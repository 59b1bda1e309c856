package project

import (
	"go.yaml.in/yaml/v3"
)

// source reads an entry of sources: a node for each of its tables.
func (p *propertiesReader) source(f *fields) {
	f.known(true, sourceKeys...)
	if f.find("overrides") != nil {
		p.doc.problem(f.find("overrides"), "disable the package's source in "+ProjectFile+" and define it here", "%s: overrides is not supported", f.what)
		return
	}
	for _, n := range f.list("tables") {
		t := p.doc.fields(n, f.what+": a table")
		if t == nil || !t.required("name") {
			continue
		}
		t.what = "source " + f.text("name") + "." + t.text("name")
		t.known(false, tableKeys...)
		p.sourceTable(f, t)
	}
}

func (p *propertiesReader) sourceTable(f, t *fields) {
	source, table := f.text("name"), t.text("name")
	own, settings := f.mapping("config"), t.mapping("config")
	n := &Node{
		UniqueID: "source." + p.pkg.Name + "." + source + "." + table,
		Kind:     Source, Package: p.pkg.Name, Name: table,
		Root: p.pkg.Root, Path: p.file.Path, Place: p.place(t),
		Description: t.text("description"), Columns: p.columns(t.list("columns"), t.what),
		Relation: Relation{
			Schema:     orDefault(f.text("schema"), source),
			Identifier: orDefault(t.text("identifier"), table),
		},
		Source: &SourceNode{
			SourceName: source, Loader: f.text("loader"), SourceDescription: f.text("description"),
		},
	}
	n.FQN = append(fqn(p.pkg, below(p.file.Path, p.file.Base), source), table)
	if ext := t.mapping("external"); ext != nil {
		n.Extra = map[string]any{"external": ext}
	}
	n.Properties = merged(own, settings)
	if n.Properties == nil {
		n.Properties = map[string]any{}
	}
	n.Properties["meta"] = merged(f.mapping("meta"), asMap(own["meta"]), t.mapping("meta"), asMap(settings["meta"]))
	n.Properties["tags"] = listOf(sortedUnion(f.texts("tags"), asTexts(own["tags"]), t.texts("tags"), asTexts(settings["tags"])))
	p.sourceLoaded(f, t, n.Properties)
	p.sourceFreshness(f, t, n.Properties)
	p.out.nodes = append(p.out.nodes, n)
	p.sourceTests(f, t, n)
}

func (p *propertiesReader) sourceTests(f, t *fields, n *Node) {
	target := testTarget{
		kind: Source, source: n.Source.SourceName, name: n.Name, attached: n.UniqueID,
		tags: union(f.texts("tags"), t.texts("tags")),
	}
	for _, one := range p.testNodes(t) {
		p.test(one, target)
	}
	quote, _ := merged(f.mapping("quoting"), t.mapping("quoting"))["column"].(bool)
	for _, c := range t.list("columns") {
		p.columnTests(c, target, &quote, target.tags)
	}
}

// under gives a key that may stand beside config: or under it.
func under(f *fields, key string) *yaml.Node {
	if n := f.find(key); n != nil {
		return n
	}
	config := f.find("config")
	if config == nil {
		return nil
	}
	return (&fields{doc: f.doc, entries: entriesOf(config)}).find(key)
}

// hasUnder says whether a key stands beside or under config:, null or not.
func hasUnder(f *fields, key string) bool {
	if f.has(key) {
		return true
	}
	config := f.find("config")
	return config != nil && (&fields{entries: entriesOf(config)}).has(key)
}

// sourceLoaded settles loaded_at_field and loaded_at_query: the table's hold
// before the source's, and a table's null takes the source's away.
func (p *propertiesReader) sourceLoaded(f, t *fields, config map[string]any) {
	for _, level := range []*fields{f, t} {
		if under(level, "loaded_at_field") != nil && under(level, "loaded_at_query") != nil {
			p.doc.problem(under(level, "loaded_at_query"), "keep one of them", "%s has both loaded_at_field and loaded_at_query", level.what)
		}
	}
	field, query := under(f, "loaded_at_field"), under(f, "loaded_at_query")
	if hasUnder(t, "loaded_at_field") {
		field, query = under(t, "loaded_at_field"), nil
	}
	if own := under(t, "loaded_at_query"); own != nil {
		query = own
	}
	for key, n := range map[string]*yaml.Node{"loaded_at_field": field, "loaded_at_query": query} {
		delete(config, key)
		if n == nil {
			continue
		}
		if s, ok := plain(n).(string); ok {
			config[key] = s
			continue
		}
		p.doc.problem(n, "", "%s: %s must be text, not %s", t.what, key, article(kindName(n)))
	}
}
