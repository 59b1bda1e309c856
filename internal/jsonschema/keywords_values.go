package jsonschema

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

func takeType(c *compiler, s *Schema, value any, at place) {
	names, ok := value.([]any)
	if !ok {
		names = []any{value}
	}
	if len(names) == 0 {
		c.problem(at, "want a type, or a list of types, got an empty list")
	}
	var listed []string
	for _, name := range names {
		text, _ := name.(string)
		kind := KindNamed(text)
		if kind == 0 {
			c.problem(at, "%s is no type: want one of array, boolean, integer, null, number, object, string", show(name))
		}
		if kind != 0 && slices.Contains(listed, text) {
			c.problem(at, "%s is there twice: leave one out", show(name))
		}
		listed = append(listed, text)
		s.kinds |= kind
	}
}

func takeEnum(c *compiler, s *Schema, value any, at place) {
	list, ok := value.([]any)
	if !ok {
		c.problem(at, "want a list of values, got %s", show(value))
	}
	s.listed = newChoice(list)
}

// count is a keyword whose value is a number of things.
func count(of func(*Schema) *int) keyword {
	return func(c *compiler, s *Schema, value any, at place) {
		number, ok := value.(json.Number)
		if ok {
			*of(s), ok = newDecimal(number).count()
		}
		if !ok {
			c.problem(at, "want a whole number, 0 or more, got %s", show(value))
		}
	}
}

// bound is a keyword that limits numbers.
func bound(side int, strict bool) keyword {
	return func(c *compiler, s *Schema, value any, at place) {
		number, ok := value.(json.Number)
		if !ok {
			c.problem(at, "want a number, got %s", show(value))
			return
		}
		s.numbers().limits = append(s.numbers().limits, limit{newDecimal(number), side, strict, string(number)})
	}
}

func takeMultipleOf(c *compiler, s *Schema, value any, at place) {
	number, ok := value.(json.Number)
	if !ok || newDecimal(number).sign() <= 0 {
		c.problem(at, "want a number above 0, got %s", show(value))
		return
	}
	s.numbers().divisor, s.numbers().divisors = newDecimal(number), string(number)
}

func takePattern(c *compiler, s *Schema, value any, at place) {
	if text, ok := c.text(value, at); ok {
		s.texts().pattern = c.pattern(text, at)
	}
}

// takeFormat lets formats pass that nobody knows, as the draft wants it
// (validation, 7.2.2).
func takeFormat(c *compiler, s *Schema, value any, at place) {
	name, ok := c.text(value, at)
	if !ok {
		return
	}
	s.named, s.format = name, c.formats[name]
	if s.format != nil {
		return
	}
	if near := spelling.Near(name, slices.Collect(maps.Keys(c.formats))); near != "" && !strings.HasPrefix(name, "x-") {
		c.note(at, "%s is no format that is known, and checks nothing; did you mean %s?", show(name), near)
	}
}

func takeUnique(c *compiler, s *Schema, value any, at place) {
	unique, ok := value.(bool)
	if !ok {
		c.problem(at, "want true or false, got %s", show(value))
	}
	s.arrays().unique = unique
}

func takeRequired(c *compiler, s *Schema, value any, at place) {
	s.objects().required = c.texts(value, at)
}
