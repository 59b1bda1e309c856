package event

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Bounds on a project's schemas.
const (
	maxSchemaFiles = 1000
	maxSchemaBytes = 1 << 20
)

var typeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

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
	full, err := r.docs.validator()
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	for _, name := range names {
		if r.docs[name] == nil || strings.HasPrefix(name, "_") {
			continue
		}
		if err := r.take(full, name, folder+"/"+name); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func readSchema(files fs.FS, name string) (object, error) {
	if base := strings.TrimSuffix(name, ".json"); !typeName.MatchString(strings.TrimPrefix(base, "_")) {
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

// take compiles one schema of the project. The full validator checks the
// schema itself in any case, and the events where the fast path cannot.
func (r *Registry) take(full *jsonschema.Compiler, name, file string) error {
	doc := r.docs[name]
	if uri := doc.get("$schema"); uri != nil && uri != draft {
		return fmt.Errorf("%s: /$schema: write %q, the version of JSON Schema that tiendi reads", file, draft)
	}
	if id := doc.get("$id"); id != nil && id != baseURL+name {
		return fmt.Errorf("%s: /$id: leave it out: it moves what references mean", file)
	}
	schema, err := full.Compile(baseURL + name)
	if err != nil {
		return explainSchema(name, file, doc, err)
	}
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

// explainSchema says in which file, and where in it, a schema is wrong.
func explainSchema(name, file string, doc object, err error) error {
	var schema *jsonschema.SchemaValidationError
	var invalid *jsonschema.ValidationError
	var missing *jsonschema.LoadURLError
	text := strings.ReplaceAll(err.Error(), baseURL, "")
	pointer := ""
	switch {
	case errors.As(err, &schema) && errors.As(schema.Err, &invalid):
		first := firstRejection(invalid)
		pointer, text = first.Pointer, first.Detail
	case errors.As(err, &missing):
		text = missing.Err.Error()
		pointer = doc.findRef(name, "", func(url string) bool {
			url, _, _ = strings.Cut(url, "#")
			return url == missing.URL
		})
	default:
		pointer = doc.findRef(name, "", func(url string) bool { return strings.Contains(err.Error(), url) })
	}
	return fmt.Errorf("%s: %s: %s", file, cmp.Or(pointer, "/"), text)
}

// findRef is the pointer of the first $ref whose URL is the one looked for, ""
// where the error is not about one.
func (o object) findRef(name, pointer string, is func(url string) bool) string {
	base, err := url.Parse(baseURL + name)
	if err != nil {
		return ""
	}
	for _, p := range o {
		at := pointer + "/" + pointerEscape.Replace(p.key)
		switch value := p.value.(type) {
		case string:
			if target, err := base.Parse(value); p.key == "$ref" && err == nil && is(target.String()) {
				return at
			}
		case object:
			if found := value.findRef(name, at, is); found != "" {
				return found
			}
		}
	}
	return ""
}
