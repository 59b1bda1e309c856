package jsonschema

import "regexp"

// Schema is a compiled schema. It is read-only and safe for concurrent use.
type Schema struct {
	at      place
	nothing bool  // the schema false
	kinds   Kinds // 0 for any
	fixed   *choice
	listed  *choice
	format  func(string) bool
	named   string // the format's name

	text   *textRules
	number *numberRules
	array  *arrayRules
	object *objectRules

	ref                     *Schema
	allOf, anyOf, oneOf     []*Schema
	not                     *Schema
	condition, then, orElse *Schema
}

// counts are bounds on how many there are of something.
type counts struct{ least, most int }

// noLimit is a most that bounds nothing.
const noLimit = -1

type textRules struct {
	length  counts // in code points
	pattern *regexp.Regexp
}

type numberRules struct {
	limits   []limit
	divisor  decimal
	divisors string // the divisor's text, "" for none
}

// limit is a bound on a number; side is 1 for one from below, -1 from above.
type limit struct {
	value  decimal
	side   int
	strict bool // the limit itself is out
	text   string
}

type arrayRules struct {
	items       counts
	unique      bool
	prefix      []*Schema
	rest        *Schema // of the items behind the prefix
	contains    *Schema
	contained   counts
	unevaluated *Schema
}

type objectRules struct {
	size        counts
	required    []string
	properties  map[string]*Schema
	patterns    []patternRule
	additional  *Schema
	names       *Schema
	dependents  []dependent
	unevaluated *Schema
}

type patternRule struct {
	pattern *regexp.Regexp
	schema  *Schema
}

// dependent is what holds for an object that has the key.
type dependent struct {
	key      string
	required []string
	schema   *Schema // nil for none
}

func (s *Schema) texts() *textRules {
	if s.text == nil {
		s.text = &textRules{length: counts{0, noLimit}}
	}
	return s.text
}

func (s *Schema) numbers() *numberRules {
	if s.number == nil {
		s.number = &numberRules{}
	}
	return s.number
}

func (s *Schema) arrays() *arrayRules {
	if s.array == nil {
		s.array = &arrayRules{items: counts{0, noLimit}, contained: counts{1, noLimit}}
	}
	return s.array
}

func (s *Schema) objects() *objectRules {
	if s.object == nil {
		s.object = &objectRules{size: counts{0, noLimit}, properties: map[string]*Schema{}}
	}
	return s.object
}
