package jsonschema

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// one is a keyword whose value is a schema.
func one(of func(*Schema) **Schema) keyword {
	return func(c *compiler, s *Schema, value any, at place) {
		*of(s) = c.schema(value, at)
	}
}

// several is a keyword whose value is a list of schemas.
func several(of func(*Schema) *[]*Schema) keyword {
	return func(c *compiler, s *Schema, value any, at place) {
		list, ok := value.([]any)
		if !ok || len(list) == 0 {
			c.problem(at, "want a list of schemas, one at least, got %s", show(value))
		}
		for i, item := range list {
			*of(s) = append(*of(s), c.schema(item, at.below(strconv.Itoa(i))))
		}
	}
}

// named is a keyword whose value is an object of schemas.
func named(add func(s *Schema, key string, of *Schema)) keyword {
	return func(c *compiler, s *Schema, value any, at place) {
		for _, key := range c.keys(value, at, "schemas") {
			add(s, key, c.schema(value.(map[string]any)[key], at.below(key)))
		}
	}
}

// keys are an object's keys in order, none for what is no object.
func (c *compiler) keys(value any, at place, of string) []string {
	o, ok := value.(map[string]any)
	if !ok {
		c.problem(at, "want an object of %s, got %s", of, show(value))
	}
	return slices.Sorted(maps.Keys(o))
}

func takePatterns(c *compiler, s *Schema, value any, at place) {
	named(func(s *Schema, key string, of *Schema) {
		if pattern := c.pattern(key, of.at); pattern != nil {
			s.objects().patterns = append(s.objects().patterns, patternRule{pattern, of})
		}
	})(c, s, value, at)
}

// maxPattern is how long a regular expression may be, in bytes.
const maxPattern = 4000

// pattern compiles a regular expression. It is Go's, which runs in linear time
// and so lacks what ECMA 262 has beyond that.
func (c *compiler) pattern(text string, at place) *regexp.Regexp {
	if len(text) > maxPattern {
		c.problem(at, "a pattern of %d bytes, and %d is the most", len(text), maxPattern)
		return nil
	}
	pattern, err := regexp.Compile(text)
	if err != nil {
		c.problem(at, "%v: patterns are those of https://go.dev/s/re2syntax", err)
	}
	return pattern
}

func takeItems(c *compiler, s *Schema, value any, at place) {
	if _, list := value.([]any); list {
		c.problem(at, "want one schema for all items: write prefixItems for one each")
		return
	}
	s.arrays().rest = c.schema(value, at)
}

func addDependent(s *Schema, key string, of *Schema) {
	s.objects().dependents = append(s.objects().dependents, dependent{key: key, schema: of})
}

func takeDependentRequired(c *compiler, s *Schema, value any, at place) {
	for _, key := range c.keys(value, at, "lists of keys") {
		c.requireWith(s, key, value.(map[string]any)[key], at.below(key))
	}
}

func (c *compiler) requireWith(s *Schema, key string, list any, at place) {
	s.objects().dependents = append(s.objects().dependents, dependent{key: key, required: c.texts(list, at)})
}

// takeDependencies is dependentRequired and dependentSchemas in one, as drafts
// before 2019-09 had them.
func takeDependencies(c *compiler, s *Schema, value any, at place) {
	for _, key := range c.keys(value, at, "schemas, or of lists of keys,") {
		part := value.(map[string]any)[key]
		if _, list := part.([]any); list {
			c.requireWith(s, key, part, at.below(key))
			continue
		}
		addDependent(s, key, c.schema(part, at.below(key)))
	}
}
