package jinja

import (
	"strings"
	"sync"
)

// DefinitionKind tells macro-like blocks apart.
type DefinitionKind string

// The blocks that define something instead of printing.
const (
	KindMacro           DefinitionKind = "macro"
	KindTest            DefinitionKind = "test"
	KindMaterialization DefinitionKind = "materialization"
	KindSnapshot        DefinitionKind = "snapshot"
	KindDocs            DefinitionKind = "docs"
)

// Param is one parameter of a macro or test.
type Param struct {
	Name       string
	Annotation string // the type after a colon, as written; "" without one
	HasDefault bool
	Default    Value // the default when it is a literal, else nil
}

// Definition is one macro, test, materialization, snapshot or docs block at the
// top level of a template, outside any if, for or other macro.
type Definition struct {
	Kind DefinitionKind
	// Name is dbt's: x for a macro, snapshot or docs block, test_x for a test,
	// materialization_x_adapter for a materialization.
	Name  string
	Title string // the name as written in the tag
	// Adapter and Languages are a materialization's.
	Adapter   string
	Languages []string
	Params    []Param
	Place     Place  // of the opening tag
	Source    string // the whole block, tags included
	Contents  string // the text between the tags

	contentsAt origin
	sourceAt   origin
	once       sync.Once
	def        *macroDef
	tmpl       *Template
	err        error
}

// definition completes what the parser noted about a block.
func (t *Template) definition(d *macroDef) *Definition {
	info := d.info
	info.Place = t.place(d.pos)
	info.Source = t.source[d.pos:d.end]
	info.Contents = t.source[d.bodyPos:d.bodyEnd]
	info.sourceAt = origin{info.Place.Line - 1, info.Place.Column - 1}
	at := t.place(d.bodyPos)
	info.contentsAt = origin{at.Line - 1, at.Column - 1}
	if info.Kind == KindMaterialization {
		return info
	}
	for _, p := range d.params {
		prm := Param{Name: p.name.name, Annotation: p.annotation, HasDefault: p.def != nil}
		if p.def != nil {
			prm.Default, _ = literal(p.def)
		}
		info.Params = append(info.Params, prm)
	}
	return info
}

// Template is the block's contents as a template of its own, for snapshots and
// docs; places in its errors are those of the file.
func (d *Definition) Template() (*Template, error) {
	t, err := parseAt(d.Place.File, strings.TrimSuffix(d.Contents, "\n"), d.contentsAt)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Bind makes the definition callable; names in its body are looked up in scope,
// as dbt does: what else its file sets is out of its reach. The body is
// compiled once, on first use; errors of that come with the call.
func (d *Definition) Bind(scope Scope) *Macro {
	m := &Macro{}
	var once sync.Once
	var u *unit
	m.lazy = func() (*macroDef, *unit, error) {
		once.Do(func() {
			d.compile()
			u = &unit{d.tmpl, scope}
		})
		return d.def, u, d.err
	}
	return m
}

// compile parses the block alone and binds its names.
func (d *Definition) compile() {
	d.once.Do(func() {
		t, err := parseAt(d.Place.File, d.Source, d.sourceAt)
		if err != nil {
			d.err = err
			return
		}
		d.tmpl = t
		// The macro's own name is not bound: it calls itself by way of the
		// scope, as dbt's macros do.
		def := t.body[0].(*macroStmt).def
		r := t.resolver()
		def.resolve(r)
		r.drain()
		if d.err = t.failure(); d.err == nil {
			d.def = def
		}
	})
}
