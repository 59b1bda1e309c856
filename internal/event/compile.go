package event

import (
	"path"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// documents are schema files by their names: "tiendi/base.json" for one that
// the binary brings, "coupon_used.json" for one of the project's.
type documents map[string]object

// compiler turns schemas into nodes. What a node cannot say it lists in
// foreign, as pointers: such a schema needs the full validator.
type compiler struct {
	docs    documents
	foreign []string
	refs    []string // those being followed, against cycles
	count   int      // schemas compiled, against references that double and double
}

// maxCompiled is how many schemas one type may be made of, counted once for
// each reference to them.
const maxCompiled = 10_000

// schema compiles one schema, at a pointer of a document.
func (c *compiler) schema(value any, doc, pointer string) *node {
	n := newNode()
	if value == true {
		return n
	}
	o, ok := value.(object)
	if c.count++; !ok || c.count > maxCompiled {
		c.cannot(pointer)
		return n
	}
	own := newNode()
	for _, p := range o {
		at := pointer + "/" + pointerEscape.Replace(p.key)
		switch p.key {
		case "$ref":
			c.join(n, c.reference(p.value, doc, at), at)
		case "allOf":
			list, _ := p.value.([]any)
			for i, part := range list {
				at := at + "/" + strconv.Itoa(i)
				c.join(n, c.schema(part, doc, at), at)
			}
		default:
			if !own.keyword(c, o, p, doc, at) {
				c.cannot(at)
			}
		}
	}
	c.join(n, own, pointer)
	return n
}

func (c *compiler) join(n, o *node, pointer string) {
	if !n.and(o) {
		c.cannot(pointer)
	}
}

func (c *compiler) cannot(pointer string) { c.foreign = append(c.foreign, pointer) }

// reference compiles what a $ref means. A reference that leads nowhere is left
// to the full validator, which reports it.
func (c *compiler) reference(value any, doc, pointer string) *node {
	ref, _ := value.(string)
	file, fragment, _ := strings.Cut(ref, "#")
	target := doc
	if file != "" {
		target = path.Join(path.Dir(doc), file)
	}
	name := target + "#" + fragment
	found, ok := lookup(c.docs[target], fragment)
	for _, open := range c.refs {
		ok = ok && open != name
	}
	if !ok {
		c.cannot(pointer)
		return newNode()
	}
	c.refs = append(c.refs, name)
	defer func() { c.refs = c.refs[:len(c.refs)-1] }()
	return c.schema(found, target, fragment)
}

// keyword takes one keyword of the schema o into n. It gives false for those
// that the fast path does not know, or not with such a value.
func (n *node) keyword(c *compiler, o object, p pair, doc, at string) bool {
	switch p.key {
	case "$comment", "$defs", "default", "deprecated", "readOnly", "writeOnly":
		return true
	case "$schema":
		return p.value == jsonschema.Draft // in older ones a $ref hides what stands beside it
	case "$id":
		return strings.Count(at, "/") == 1 // deeper down it moves what references mean
	case "title":
		n.title, _ = p.value.(string)
		return true
	case "description":
		n.description, _ = p.value.(string)
		return true
	case "examples":
		return n.takeExamples(p.value)
	case "x-source":
		n.source, _ = p.value.(string)
		return true
	case "type":
		return n.takeType(p.value)
	case "const":
		return n.takeEnum([]any{p.value})
	case "enum":
		list, ok := p.value.([]any)
		return ok && n.takeEnum(list)
	case "not":
		return n.takeNot(p.value)
	case "properties", "required", "additionalProperties":
		return n.takeObject(c, o, p, doc, at)
	case "items":
		n.items = c.schema(p.value, doc, at)
		return true
	}
	return n.takeLimit(p) || strings.HasPrefix(p.key, "x-")
}
