package project

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// YAMLFile is a properties file on its way to typed values, for packages that
// read what this one keeps as plain values: metrics and semantic models. Every
// value knows its place, and all that is wrong is collected.
type YAMLFile struct {
	doc      *document
	renderer renderer
	top      *fields
}

// OpenYAML reads a properties file's text. file is how the file is called in
// places; render (nil: none) gives what Jinja in its strings comes to.
func OpenYAML(file string, text []byte, render Render, scope Scope) *YAMLFile {
	f := &YAMLFile{doc: &document{file: file}}
	f.renderer = renderer{doc: f.doc, call: render, scope: scope}
	if top := f.doc.parse(text); top != nil {
		f.top = f.doc.fields(top, "a properties file")
	}
	return f
}

// Problems is what is wrong with the file so far, Warnings what is read past.
func (f *YAMLFile) Problems() Problems { return f.doc.problems }

// Warnings is what is read past, with a word of it.
func (f *YAMLFile) Warnings() Problems { return f.doc.warnings }

// Entries gives the named entries of a list at the top of the file, with their
// Jinja rendered where dbt renders it.
func (f *YAMLFile) Entries(section string) []*YAMLEntry {
	if f.top == nil {
		return nil
	}
	var entries []*YAMLEntry
	for _, n := range f.top.list(section) {
		if resolved(n).Kind != yaml.MappingNode {
			f.doc.problem(n, "write - name: …", "an entry of %s must be a mapping with a name, not %s", section, article(kindName(n)))
			continue
		}
		f.renderer.render(resolved(n), nil, keptAsWritten[section])
		if e := f.doc.fields(n, "an entry of "+section); e.required("name") {
			e.what = singular[section] + " " + e.text("name")
			entries = append(entries, &YAMLEntry{e})
		}
	}
	return entries
}

// YAMLEntry is one mapping of keys.
type YAMLEntry struct{ fields *fields }

// What names the entry in messages: "metric gmv".
func (e *YAMLEntry) What() string { return e.fields.what }

// Place is where the entry stands.
func (e *YAMLEntry) Place() Place { return e.fields.doc.place(e.fields.node) }

// PlaceOf is where a key's value stands; the entry's place without it.
func (e *YAMLEntry) PlaceOf(key string) Place {
	if n := e.fields.find(key); n != nil {
		return e.fields.doc.place(n)
	}
	return e.Place()
}

// Fail reports a problem with a key's value, or with the entry where it has no
// such key.
func (e *YAMLEntry) Fail(key, hint, format string, args ...any) {
	at := e.fields.find(key)
	if at == nil {
		at = e.fields.node
	}
	e.fields.doc.problem(at, hint, "%s: %s", e.What(), fmt.Sprintf(format, args...))
}

// Has says whether a key has a value other than null.
func (e *YAMLEntry) Has(key string) bool { return e.fields.find(key) != nil }

// Required reports a key that is missing.
func (e *YAMLEntry) Required(key string) bool { return e.fields.required(key) }

// Known reports keys that are none of these.
func (e *YAMLEntry) Known(keys ...string) { e.fields.known(true, keys...) }

// Text reads a string, numbers and booleans as written.
func (e *YAMLEntry) Text(key string) string { return e.fields.text(key) }

// Texts reads a list of strings; one string alone is a list of one.
func (e *YAMLEntry) Texts(key string) []string { return e.fields.texts(key) }

// Flag reads a boolean, false where it is missing.
func (e *YAMLEntry) Flag(key string) bool {
	v := e.fields.flag(key)
	return v != nil && *v
}

// Count reads a whole number, 0 where it is missing.
func (e *YAMLEntry) Count(key string) int { return e.fields.count(key) }

// Value reads whatever stands there as a plain value.
func (e *YAMLEntry) Value(key string) any {
	if n := e.fields.find(key); n != nil {
		return plain(n)
	}
	return nil
}

// Mapping reads a mapping as plain values.
func (e *YAMLEntry) Mapping(key string) map[string]any { return e.fields.mapping(key) }

// Entry opens a mapping below a key; nil where there is none.
func (e *YAMLEntry) Entry(key string) *YAMLEntry {
	n := e.fields.find(key)
	if n == nil {
		return nil
	}
	return e.below(n, e.What()+", "+key)
}

// Named opens a mapping below a key that may also be written as its name alone.
func (e *YAMLEntry) Named(key string) *YAMLEntry {
	n := e.fields.find(key)
	if n == nil {
		return nil
	}
	return e.named(n, e.What()+", "+key)
}

// Entries opens the mappings of a list, each of which may also be written as
// its name alone.
func (e *YAMLEntry) Entries(key string) []*YAMLEntry {
	var entries []*YAMLEntry
	for _, n := range e.fields.list(key) {
		if one := e.named(n, fmt.Sprintf("%s, an entry of %s", e.What(), key)); one != nil {
			entries = append(entries, one)
		}
	}
	return entries
}

// Call names the entry in messages from now on.
func (e *YAMLEntry) Call(format string, args ...any) { e.fields.what = fmt.Sprintf(format, args...) }

func (e *YAMLEntry) below(n *yaml.Node, what string) *YAMLEntry {
	if f := e.fields.doc.fields(n, what); f != nil {
		return &YAMLEntry{f}
	}
	return nil
}

func (e *YAMLEntry) named(n *yaml.Node, what string) *YAMLEntry {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode {
		return e.below(n, what)
	}
	name := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "name", Line: n.Line, Column: n.Column}
	whole := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{name, n}, Line: n.Line, Column: n.Column}
	return e.below(whole, what)
}
