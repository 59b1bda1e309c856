package project

// modelSemantics makes the nodes of a semantic model that stands under its
// model, and of the metrics with it: the newer generation of their YAML. What
// they say is the semantic layer's to read.
func (p *propertiesReader) modelSemantics(f *fields) {
	said := f.find("semantic_model")
	if said == nil {
		return
	}
	block, _ := plain(said).(map[string]any)
	if on, ok := plain(said).(bool); ok && !on || block["enabled"] == false {
		return
	}
	of := Ref{Name: f.text("name"), Place: p.place(f)}
	name, named := block["name"].(string)
	if !named {
		name = of.Name
	}
	p.semanticNode(f, Semantic, name, of)
	for _, one := range f.list("metrics") {
		if m := p.doc.fields(one, f.what+": a metric"); m != nil && m.required("name") {
			p.semanticNode(m, Metric, m.text("name"), of)
		}
	}
}

func (p *propertiesReader) semanticNode(f *fields, kind Kind, name string, of Ref) {
	n := p.yamlNode(f, kind)
	n.Name, n.UniqueID = name, string(kind)+"."+p.pkg.Name+"."+name
	n.FQN[len(n.FQN)-1] = name
	n.Refs = []Ref{of}
	if kind == Semantic {
		n.Properties = nil // config: beside it is the model's
		n.Extra = nil
	}
	p.out.nodes = append(p.out.nodes, n)
}
