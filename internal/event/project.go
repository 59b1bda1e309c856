package event

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/jsonscan"
	"github.com/tiendi/tiendi/internal/jsonschema"
)

// Bounds on a project's schemas.
const (
	maxSchemaFiles = 1000
	maxSchemaBytes = 1 << 20
)

// readProject takes the schemas of a project's folder. Files whose names begin
// with "_" are no types: they hold what others refer to.
func (r *Registry) readProject(files fs.FS, folder string) error {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return err
	}
	if len(names) > maxSchemaFiles {
		return fmt.Errorf("%s holds %d schemas, and %d is the most", folder, len(names), maxSchemaFiles)
	}
	var problems []error
	for _, name := range names {
		doc, err := readSchema(files, name)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s/%s:%w", folder, name, err))
			continue
		}
		r.docs[name] = doc
	}
	names = slices.DeleteFunc(names, func(name string) bool { return r.docs[name] == nil })
	full := r.docs.compile(names)
	r.note(full.Notes, folder)
	broken := map[string]bool{}
	for _, p := range full.Problems {
		problems = append(problems, explain(p, folder))
		broken[p.URL] = true
	}
	for _, name := range names {
		if broken[baseURL+name] || strings.HasPrefix(name, "_") {
			continue
		}
		if err := r.take(full.Schemas[baseURL+name], name, folder+"/"+name); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// isTypeName wants 1 to 64 small letters, digits and _, a letter first.
func isTypeName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if letter := 'a' <= c && c <= 'z'; !letter && (i == 0 || !jsonscan.IsDigit(c) && c != '_') {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

func readSchema(files fs.FS, name string) (object, error) {
	if base := strings.TrimSuffix(name, ".json"); !isTypeName(strings.TrimPrefix(base, "_")) {
		return nil, fmt.Errorf(" %q can be no event type: name the file after one, of a-z, 0-9 and _", base)
	}
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, fmt.Errorf(" %w", err)
	}
	if info.Size() > maxSchemaBytes {
		return nil, fmt.Errorf(" %d bytes, and %d is the most", info.Size(), maxSchemaBytes)
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf(" %w", err)
	}
	return readDocument(text)
}

// take compiles one schema of the project for the fast path. schema is what
// the events are checked by where that cannot say all of it.
func (r *Registry) take(schema *jsonschema.Schema, name, file string) error {
	doc := r.docs[name]
	typ := Type(strings.TrimSuffix(name, ".json"))
	c, foreign := r.contract(typ, name)
	c.file = file
	if bases[c.node.source] == "" {
		return fmt.Errorf("%s: /$ref: the schema does not say who sends the event\n"+
			"  begin it with \"$ref\": \"tiendi/base.json#/$defs/web_event\", or server_event, or \"tiendi/<type>.json\" to extend a type", file)
	}
	if named := doc.eventType(); named != "" && named != string(typ) {
		return fmt.Errorf("%s: /properties/event_type: %q is not the file's name: call the file %s.json, or leave event_type out", file, named, named)
	}
	if len(foreign) > 0 {
		c.schema = schema
		c.walks = r.envelope(bases[c.node.source], typ)
	}
	r.types[string(typ)] = c
	return nil
}

// eventType is the const that a schema gives its event_type, "" for none.
func (o object) eventType() string {
	value, _ := lookup(o, "/properties/event_type/const")
	name, _ := value.(string)
	return name
}

// explain says in which file, and where in it, a schema is wrong.
func explain(p jsonschema.Remark, folder string) error {
	if p.NoDocument {
		p.Text += ": a $ref names a file of this folder, or tiendi/<type>.json"
	}
	return errors.New(located(p, folder))
}

func located(p jsonschema.Remark, folder string) string {
	return folder + "/" + strings.TrimPrefix(p.URL, baseURL) + ": " + cmp.Or(p.Pointer, "/") + ": " + p.Text
}

func (r *Registry) note(notes []jsonschema.Remark, folder string) {
	for _, n := range notes {
		if !strings.HasPrefix(n.URL, baseURL+builtinFolder+"/") {
			r.notes = append(r.notes, located(n, folder))
		}
	}
}

// Notes says what the project's schemas most likely do not mean, by file and
// JSON pointer: keywords and formats that JSON Schema does not know, and that
// therefore check nothing, but look like ones that it does.
func (r *Registry) Notes() []string { return r.notes }
