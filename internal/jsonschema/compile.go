package jsonschema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// Draft is the one version of JSON Schema that is read.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// maxRemarks is how many problems and how many notes are kept.
const maxRemarks = 100

// Result is what became of the documents.
type Result struct {
	Schemas  map[string]*Schema // the roots by their URLs
	Problems []Remark           // where there are any, Schemas are of no use
	// Notes are about what JSON Schema permits and hardly anyone means: keywords
	// and formats that it does not know and that look like ones that it does.
	Notes []Remark
}

// Remark is about one place of a document.
type Remark struct {
	URL     string // the document's
	Pointer string // JSON pointer into it (RFC 6901)
	Text    string
	// NoDocument says that a reference leads to a document that is not there.
	NoDocument bool
}

// Compile reads the root documents and those that they refer to. docs are by
// their absolute URLs, which is what their references are relative to. formats
// are added to those of the package, or stand in for them.
func Compile(docs map[string]any, roots []string, formats map[string]func(text string) bool) *Result {
	c := &compiler{
		docs: docs, formats: builtinFormats(), keywords: allKeywords(),
		schemas: map[place]*Schema{}, anchors: map[place]*Schema{},
		result: &Result{Schemas: map[string]*Schema{}},
	}
	maps.Copy(c.formats, formats)
	c.known = slices.Sorted(maps.Keys(c.keywords))
	for _, url := range roots {
		c.result.Schemas[url] = c.schema(docs[url], place{url: url})
	}
	for len(c.refs) > 0 {
		next := c.refs[0]
		c.refs = c.refs[1:]
		next.from.ref = c.resolve(next)
	}
	c.findCycles()
	inOrder := func(a, b Remark) int {
		return cmp.Or(strings.Compare(a.URL, b.URL), strings.Compare(a.Pointer, b.Pointer))
	}
	slices.SortStableFunc(c.result.Problems, inOrder)
	slices.SortStableFunc(c.result.Notes, inOrder)
	return c.result
}

// place is where in which document a schema stands.
type place struct{ url, pointer string }

func (p place) below(token string) place {
	return place{p.url, p.pointer + "/" + escape(token)}
}

func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

type compiler struct {
	docs     map[string]any
	formats  map[string]func(string) bool
	keywords map[string]keyword
	known    []string // the keywords' names
	schemas  map[place]*Schema
	order    []*Schema         // as they were met, which is the same each time
	anchors  map[place]*Schema // by name in the pointer's place
	refs     []reference       // still to be followed
	result   *Result
}

func (c *compiler) problem(at place, format string, args ...any) {
	c.report(Remark{URL: at.url, Pointer: at.pointer, Text: fmt.Sprintf(format, args...)})
}

func (c *compiler) report(problem Remark) {
	if len(c.result.Problems) < maxRemarks {
		c.result.Problems = append(c.result.Problems, problem)
	}
}

func (c *compiler) note(at place, format string, args ...any) {
	if len(c.result.Notes) < maxRemarks {
		c.result.Notes = append(c.result.Notes, Remark{URL: at.url, Pointer: at.pointer, Text: fmt.Sprintf(format, args...)})
	}
}

// schema compiles what stands at a place, once.
func (c *compiler) schema(value any, at place) *Schema {
	if s := c.schemas[at]; s != nil {
		return s
	}
	s := &Schema{at: at}
	c.schemas[at] = s
	c.order = append(c.order, s)
	switch v := value.(type) {
	case bool:
		s.nothing = !v
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			c.keyword(s, name, v[name])
		}
	default:
		c.problem(at, "want a schema, which is an object, true or false, got %s", show(value))
	}
	return s
}

func (c *compiler) keyword(s *Schema, name string, value any) {
	at := s.at.below(name)
	if take := c.keywords[name]; take != nil {
		take(c, s, value, at)
		return
	}
	if near := spelling.Near(name, c.known); near != "" && !strings.HasPrefix(name, "x-") {
		c.note(at, "JSON Schema has no such keyword and checks nothing by it; did you mean %s?", near)
	}
}
