package jsonschema

import (
	"net/url"
	"strconv"
	"strings"
)

// reference is a $ref whose target is not known yet.
type reference struct {
	from *Schema
	text string
	at   place
}

// resolve finds the schema that a reference means, nil where there is none.
func (c *compiler) resolve(r reference) *Schema {
	base, err := url.Parse(r.at.url)
	if err != nil {
		c.problem(r.at, "%q is no URL: %v", r.at.url, err)
		return nil
	}
	target, err := base.Parse(r.text)
	if err != nil {
		c.problem(r.at, "%q is no reference: write one like other.json#/$defs/name", clip(r.text))
		return nil
	}
	fragment := target.Fragment
	target.Fragment, target.RawFragment = "", ""
	file := target.String()
	doc, there := c.docs[file]
	if !there {
		c.report(Remark{URL: r.at.url, Pointer: r.at.pointer, Text: "there is no schema " + clip(r.text), NoDocument: true})
		return nil
	}
	c.schema(doc, place{url: file}) // finds its anchors
	if fragment != "" && fragment[0] != '/' {
		return c.anchored(r, file, fragment)
	}
	value, at, found := lookup(doc, file, fragment)
	if !found {
		c.problem(r.at, "%s leads to nothing: there is no %s", clip(r.text), clip(fragment))
		return nil
	}
	switch value.(type) {
	case bool, map[string]any:
		return c.schema(value, at)
	}
	c.problem(r.at, "%s leads to %s, which is no schema", clip(r.text), show(value))
	return nil
}

func (c *compiler) anchored(r reference, file, name string) *Schema {
	s := c.anchors[place{file, name}]
	if s == nil {
		c.problem(r.at, "%s leads to nothing: there is no $anchor %q", clip(r.text), clip(name))
	}
	return s
}

// lookup follows a JSON pointer (RFC 6901), and gives it back as schemas are
// known by.
func lookup(value any, file, pointer string) (any, place, bool) {
	at := place{url: file}
	if pointer == "" {
		return value, at, true
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		found := false
		switch v := value.(type) {
		case map[string]any:
			value, found = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if found = err == nil && i >= 0 && i < len(v) && token == strconv.Itoa(i); found {
				value = v[i]
			}
		}
		if !found {
			return nil, at, false
		}
		at = at.below(token)
	}
	return value, at, true
}
