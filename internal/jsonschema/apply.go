package jsonschema

import (
	"encoding/json"
	"strings"
)

// apply holds a value against a schema. seen is nil where nobody asks what the
// schema has spoken of.
func (r *run) apply(s *Schema, value any, seen *evaluated) bool {
	r.steps++
	if r.steps > maxSteps || r.depth > maxNesting {
		r.exhausted = true
		return false
	}
	if s.nothing {
		return r.fail(Unexpected, "the schema allows nothing here")
	}
	kind := kindOf(value)
	if !r.itself(s, value, kind) {
		return false
	}
	if seen == nil && s.asksWhatIsLeft(kind) {
		seen = &evaluated{}
	}
	r.depth++
	ok := r.parts(s, value, seen)
	if r.goOn(ok) {
		ok = r.inside(s, value, seen) && ok
	}
	// Where something is wrong already, what is left over says nothing more.
	if ok {
		ok = r.leftOver(s, value, seen)
	}
	r.depth--
	return ok
}

// itself checks the value as a whole. What is not even of the type gives that
// one violation and no others.
func (r *run) itself(s *Schema, value any, kind Kinds) bool {
	switch {
	case kind == 0:
		return r.invalid("%T is no decoded JSON", value)
	case s.kinds != 0 && s.kinds&kind == 0:
		return r.wrongType(s, kind)
	case s.fixed != nil && !r.among(s.fixed, value):
		return r.other(s.fixed, value)
	case s.listed != nil && !r.among(s.listed, value):
		return r.other(s.listed, value)
	}
	if text, ok := value.(string); ok && s.format != nil && !s.format(text) {
		return r.invalid("want the format %s, got %s", s.named, r.show(value))
	}
	return true
}

func (r *run) wrongType(s *Schema, got Kinds) bool {
	if r.quiet {
		return false
	}
	return r.fail(WrongType, "want "+strings.Join(s.kinds.Names(), " or ")+", got "+got.word())
}

func (r *run) among(c *choice, value any) bool {
	r.scratch = appendCanonical(r.scratch[:0], value)
	return c.canonical[string(r.scratch)]
}

// inside checks what keywords say of the value's own type.
func (r *run) inside(s *Schema, value any, seen *evaluated) bool {
	switch v := value.(type) {
	case string:
		return s.text == nil || r.text(s.text, v)
	case json.Number:
		return s.number == nil || r.number(s.number, v)
	case []any:
		return s.array == nil || r.array(s.array, v, seen)
	case map[string]any:
		return s.object == nil || r.object(s.object, v, seen)
	}
	return true
}

func (s *Schema) asksWhatIsLeft(kind Kinds) bool {
	return kind == KindObject && s.object != nil && s.object.unevaluated != nil ||
		kind == KindArray && s.array != nil && s.array.unevaluated != nil
}

// leftOver checks what no other keyword has spoken of.
func (r *run) leftOver(s *Schema, value any, seen *evaluated) bool {
	switch v := value.(type) {
	case []any:
		if s.array != nil && s.array.unevaluated != nil {
			return r.leftItems(s.array.unevaluated, v, seen)
		}
	case map[string]any:
		if s.object != nil && s.object.unevaluated != nil {
			return r.leftKeys(s.object.unevaluated, v, seen)
		}
	}
	return true
}
