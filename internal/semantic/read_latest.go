package semantic

import "github.com/tiendi/tiendi/internal/project"

// described reads what an entry of models says: the time spine, and in the
// newer generation of the YAML the semantic model that the model is.
func (r *reader) described(e *project.YAMLEntry) {
	if spine := e.Entry("time_spine"); spine != nil {
		r.spine(e, spine)
	}
	m := r.latestModel(e)
	if m == nil {
		return
	}
	for _, column := range e.Entries("columns") {
		r.column(column, m)
	}
	if d := e.Entry("derived_semantics"); d != nil {
		d.Known("dimensions", "entities")
		r.derivedSemantics(d, m)
	}
	r.elements(e, m)
	r.addModel(m)
	for _, one := range e.Entries("metrics") {
		one.Call("metric %s", one.Text("name"))
		if metric := r.metric(one, m); metric != nil {
			r.addMetric(metric)
		} else {
			r.unread[one.Text("name")] = !disabled(one)
		}
	}
}

// latestModel reads the semantic model under a model, nil where it is none.
func (r *reader) latestModel(e *project.YAMLEntry) *Model {
	m := &Model{
		Name: e.Text("name"), Description: e.Text("description"), Label: e.Text("label"), Place: e.Place(),
		Ref:           project.Ref{Name: e.Text("name"), Place: e.Place()},
		PrimaryEntity: e.Text("primary_entity"), AggTime: e.Text("agg_time_dimension"),
	}
	switch e.Value("semantic_model") {
	case nil, false:
		return nil
	case true:
		return m
	}
	block := e.Entry("semantic_model")
	if block == nil {
		return nil
	}
	block.Known("enabled", "name", "group", "config", "description", "label", "meta")
	if on, ok := block.Value("enabled").(bool); ok && !on {
		return nil
	}
	m.Name = firstOf(block.Text("name"), m.Name)
	m.Meta = metaOf(block)
	m.scope = r.scope(block, m.Meta)
	return m
}

func (r *reader) spine(e, spine *project.YAMLEntry) {
	spine.Known("standard_granularity_column", "custom_granularities")
	if !spine.Required("standard_granularity_column") {
		return
	}
	s := &Spine{Ref: project.Ref{Name: e.Text("name"), Place: e.Place()}, Column: spine.Text("standard_granularity_column"), Place: e.Place()}
	grain := Grain("")
	for _, column := range e.Entries("columns") {
		if column.Text("name") == s.Column && column.Has("granularity") {
			grain = r.grain(column, "granularity")
		}
	}
	switch {
	case grain == "":
		spine.Fail("standard_granularity_column", "give the column granularity: day", "column %s says no granularity", s.Column)
		return
	case grain != Day:
		return // only days are filled in
	}
	relation, ok := r.relation(s.Ref)
	if !ok {
		r.fail(s.Place, "", "the time spine %s names no model that is built", s.Ref.Name)
	}
	s.Schema, s.Identifier = relation.Schema, relation.Identifier
	r.man.Spine = s
}

// column reads the entity or dimension that a column is.
func (r *reader) column(e *project.YAMLEntry, m *Model) {
	name := e.Text("name")
	if one := namedByType(e, "entity"); one != nil {
		m.Entities = append(m.Entities, &Entity{
			Name: elementName(one, name), Type: r.typed(one, entityTypes), Description: firstOf(one.Text("description"), e.Text("description")),
			Label: one.Text("label"), Expr: ident(name), Place: one.Place(), Meta: metaOf(one),
		})
	}
	one := namedByType(e, "dimension")
	if one == nil {
		return
	}
	d := &Dimension{
		Name: elementName(one, name), Type: r.typed(one, []string{"categorical", "time"}), Expr: ident(name),
		Description: firstOf(one.Text("description"), e.Text("description")), Label: one.Text("label"),
		Partition: one.Flag("is_partition"), Place: one.Place(), Meta: metaOf(one),
	}
	if d.Type == "time" {
		d.Grain = r.columnGrain(e, d)
	}
	if v := one.Entry("validity_params"); v != nil {
		d.ValidFrom, d.ValidTo = v.Flag("is_start"), v.Flag("is_end")
	}
	m.Dimensions = append(m.Dimensions, d)
}

func (r *reader) columnGrain(e *project.YAMLEntry, d *Dimension) Grain {
	if !e.Has("granularity") {
		e.Fail("", "add granularity: day", "time dimension %s says no granularity", d.Name)
		return Day
	}
	return r.grain(e, "granularity")
}

// namedByType opens an entity or dimension that may be written as its type
// alone; type is then what it calls its name.
func namedByType(e *project.YAMLEntry, key string) *project.YAMLEntry {
	one := e.Named(key)
	if one != nil {
		one.Known("name", "type", "description", "label", "config", "meta", "is_partition", "validity_params", "role")
	}
	return one
}

// elementName is the entry's own name, or its column's.
func elementName(e *project.YAMLEntry, column string) string {
	if e.Has("type") {
		return firstOf(e.Text("name"), column)
	}
	return column
}

func (r *reader) typed(e *project.YAMLEntry, known []string) string {
	kind := e.Text("type")
	if kind == "" { // written as its type alone
		kind = e.Text("name")
	}
	for _, k := range known {
		if k == kind {
			return kind
		}
	}
	e.Fail("type", "known here: "+join(known), "unknown type %s", kind)
	return known[0]
}

func (r *reader) derivedSemantics(e *project.YAMLEntry, m *Model) {
	for _, one := range e.Entries("entities") {
		one.Known("name", "type", "description", "label", "expr", "config", "meta")
		m.Entities = append(m.Entities, r.entity(one, "name"))
	}
	for _, one := range e.Entries("dimensions") {
		one.Known("name", "type", "description", "label", "expr", "granularity", "is_partition", "validity_params", "config", "meta")
		d := &Dimension{
			Name: r.nameOf(one), Type: r.typed(one, []string{"categorical", "time"}), Description: one.Text("description"),
			Label: one.Text("label"), Expr: one.Text("expr"), Place: one.Place(), Meta: metaOf(one), Partition: one.Flag("is_partition"),
		}
		one.Required("expr")
		if d.Type == "time" {
			d.Grain = r.columnGrain(one, d)
		}
		m.Dimensions = append(m.Dimensions, d)
	}
}
