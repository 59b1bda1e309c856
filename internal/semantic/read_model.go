package semantic

import (
	"slices"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

var (
	entityTypes = []string{"primary", "unique", "foreign", "natural"}
	aggNames    = []string{"sum", "count", "count_distinct", "average", "avg", "min", "max", "median", "percentile", "sum_boolean"}
)

// model reads an entry of semantic_models.
func (r *reader) model(e *project.YAMLEntry) {
	e.Known("name", "model", "description", "label", "config", "meta", "defaults", "entities", "measures", "dimensions", "primary_entity")
	ref, ok := project.Ref{}, e.Required("model")
	if ok {
		ref, ok = r.refOf(e, "model")
	}
	name := r.nameOf(e)
	if r.unreadModel = r.unreadModel || !ok || name == ""; !ok || name == "" || disabled(e) {
		return
	}
	m := &Model{
		Name: name, Description: e.Text("description"), Label: e.Text("label"), Place: e.Place(), Ref: ref,
		PrimaryEntity: e.Text("primary_entity"), Meta: metaOf(e),
	}
	if d := e.Entry("defaults"); d != nil {
		d.Known("agg_time_dimension")
		m.AggTime = d.Text("agg_time_dimension")
	}
	for _, one := range e.Entries("entities") {
		one.Known("name", "type", "description", "label", "role", "expr", "config", "meta")
		m.Entities = append(m.Entities, r.entity(one, "name"))
	}
	for _, one := range e.Entries("dimensions") {
		one.Known("name", "type", "description", "label", "is_partition", "type_params", "expr", "config", "meta")
		m.Dimensions = append(m.Dimensions, r.dimension(one))
	}
	for _, one := range e.Entries("measures") {
		m.Measures = append(m.Measures, r.measure(one))
	}
	m.scope = r.scope(e, m.Meta)
	r.elements(e, m)
	r.addModel(m)
}

// elements checks what a model's parts say of each other.
func (r *reader) elements(e *project.YAMLEntry, m *Model) {
	seen := map[string]project.Place{}
	take := func(name, what string, at project.Place) {
		if first, twice := seen[name]; twice && name != "" {
			r.fail(at, "rename one of them", "semantic model %s has %s %s twice; the first stands at %s", m.Name, what, name, first)
		}
		seen[name] = at
	}
	for _, d := range m.Dimensions {
		take(d.Name, "a dimension or entity", d.Place)
	}
	primary := ""
	for _, one := range m.Entities {
		take(one.Name, "a dimension or entity", one.Place)
		if one.Type == "primary" && primary != "" {
			r.fail(one.Place, "make one of them unique", "semantic model %s has two primary entities, %s and %s", m.Name, primary, one.Name)
		}
		if one.Type == "primary" {
			primary = one.Name
		}
	}
	if primary != "" && m.PrimaryEntity != "" && m.PrimaryEntity != primary {
		e.Fail("primary_entity", "remove it: "+primary+" is the primary entity", "primary_entity %s is not the entity of type primary", m.PrimaryEntity)
	}
	if primary == "" && m.PrimaryEntity == "" && len(m.Dimensions) > 0 {
		e.Fail("", "say what a row is: primary_entity: …, or an entity of type primary", "has dimensions, but no primary entity to call them by")
	}
	m.PrimaryEntity = firstOf(m.PrimaryEntity, primary)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (r *reader) entity(e *project.YAMLEntry, nameKey string) *Entity {
	e.Required(nameKey)
	name := r.nameOf(e)
	one := &Entity{
		Name: name, Type: e.Text("type"), Description: e.Text("description"), Label: e.Text("label"),
		Expr: firstOf(e.Text("expr"), ident(name)), Place: e.Place(), Meta: metaOf(e),
	}
	if e.Required("type") && !slices.Contains(entityTypes, one.Type) {
		e.Fail("type", spelling.Suggest(one.Type, entityTypes), "entity %s has an unknown type %s", name, one.Type)
	}
	return one
}

func (r *reader) dimension(e *project.YAMLEntry) *Dimension {
	e.Required("name")
	d := &Dimension{
		Name: r.nameOf(e), Type: e.Text("type"), Description: e.Text("description"), Label: e.Text("label"),
		Partition: e.Flag("is_partition"), Place: e.Place(), Meta: metaOf(e),
	}
	d.Expr = firstOf(e.Text("expr"), ident(d.Name))
	e.Required("type")
	switch d.Type {
	case "", "categorical":
	case "time":
		r.timeParams(e, d)
	default:
		e.Fail("type", spelling.Suggest(d.Type, []string{"categorical", "time"}), "dimension %s has an unknown type %s", d.Name, d.Type)
	}
	return d
}

func (r *reader) timeParams(e *project.YAMLEntry, d *Dimension) {
	p := e.Entry("type_params")
	if p == nil {
		e.Fail("", "add type_params: {time_granularity: day}", "time dimension %s says no granularity", d.Name)
		return
	}
	p.Known("time_granularity", "validity_params")
	if p.Required("time_granularity") {
		d.Grain = r.grain(p, "time_granularity")
	}
	if v := p.Entry("validity_params"); v != nil {
		v.Known("is_start", "is_end")
		d.ValidFrom, d.ValidTo = v.Flag("is_start"), v.Flag("is_end")
	}
}

// grain reads a grain; Day for what is none, which is reported.
func (r *reader) grain(e *project.YAMLEntry, key string) Grain {
	g, ok := parseGrain(e.Text(key))
	if !ok {
		e.Fail(key, spelling.Suggest(e.Text(key), grainNames()), "%s is no grain of time", e.Text(key))
		return Day
	}
	return g
}

func (r *reader) window(e *project.YAMLEntry, key string) Window {
	if !e.Has(key) {
		return Window{}
	}
	w, err := parseWindow(e.Text(key))
	if err != nil {
		e.Fail(key, "", "%v", err)
	}
	return w
}
