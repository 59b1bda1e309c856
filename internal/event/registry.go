package event

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

//go:embed schemas/*.json
var schemaFiles embed.FS

const (
	// baseURL is where all schemas stand for one another. Nothing is fetched from
	// there, nor from anywhere else.
	baseURL = "https://tiendi.example/events/"
	// builtinFolder is where the project's schemas find those of the binary:
	// {"$ref": "tiendi/base.json#/$defs/web_event"}.
	builtinFolder = "tiendi"
	baseDocument  = builtinFolder + "/base.json"
)

// Registry holds the event types that are known, and what is valid for each.
// It is read-only and safe for concurrent use.
type Registry struct {
	types map[string]*contract
	any   *node // what holds for events of every type
	docs  documents
	notes []string
}

// contract is what is known of one type.
type contract struct {
	name   Type
	file   string             // the project's, "" for a type of the binary
	node   *node              // as far as nodes can say it, for the docs
	walks  *node              // what the fast path checks: node, or the base alone
	schema *jsonschema.Schema // what is checked after that, nil where walks is all
}

// bases are the definitions that schemas begin with, by who sends the event.
var bases = map[string]string{"web": "web_event", "server": "server_event"}

// NewRegistry knows the types of the binary and those of project, whose files
// <type>.json add a type or stand in for one of the binary's. folder is how
// errors call project; nil brings nothing. All that is wrong in the files is
// reported at once, by file and JSON pointer.
func NewRegistry(project fs.FS, folder string) (*Registry, error) {
	r := &Registry{types: map[string]*contract{}, docs: documents{}}
	if err := r.readBuiltin(); err != nil {
		return nil, err
	}
	if project == nil {
		return r, nil
	}
	return r, r.readProject(project, folder)
}

func (r *Registry) readBuiltin() error {
	files, err := fs.Glob(schemaFiles, "schemas/*.json")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := schemaFiles.ReadFile(file)
		if err != nil {
			return err
		}
		if r.docs[builtinFolder+"/"+path.Base(file)], err = readDocument(text); err != nil {
			return fmt.Errorf("%s:%w", file, err)
		}
	}
	r.any = r.envelope("event", "")
	for _, typ := range Types() {
		file := builtinFolder + "/" + string(typ) + ".json"
		contract, foreign := r.contract(typ, file)
		if len(foreign) > 0 {
			return fmt.Errorf("%s: the fast path cannot check %v", file, foreign)
		}
		r.types[string(typ)] = contract
	}
	return nil
}

// contract compiles the schema of a type, and lists what nodes cannot say.
func (r *Registry) contract(typ Type, doc string) (*contract, []string) {
	c := compiler{docs: r.docs}
	n := c.schema(r.docs[doc], doc, "")
	c.join(n, named(typ), "")
	if !place(n) {
		c.cannot("/properties")
	}
	return &contract{name: typ, node: n, walks: n}, c.foreign
}

// envelope is a definition of the base, for events of one type or, with "", of
// any.
func (r *Registry) envelope(def string, typ Type) *node {
	c := compiler{docs: r.docs}
	n := c.reference("#/$defs/"+def, baseDocument, "")
	if typ != "" {
		c.join(n, named(typ), "")
	}
	place(n)
	return n
}

// named is an event whose event_type is typ.
func named(typ Type) *node {
	name, n := newNode(), newNode()
	name.takeEnum([]any{string(typ)})
	n.members = []member{{key: "event_type", node: name}}
	return n
}

// place gives the values of an event their slots.
func place(n *node) bool {
	for _, s := range slots {
		if value := n.at(s.path...); value != nil {
			value.keep = s.slot
		}
	}
	return n.settle()
}

// Known says whether there is a schema for the type.
func (r *Registry) Known(t Type) bool { return r.types[string(t)] != nil }

// Web says whether events of the type come from the visitor's browser and
// count towards sessions.
func (r *Registry) Web(t Type) bool {
	c := r.types[string(t)]
	return c != nil && c.node.source == "web"
}
