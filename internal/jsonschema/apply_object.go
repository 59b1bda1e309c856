package jsonschema

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

func (r *run) object(o *objectRules, value map[string]any, seen *evaluated) bool {
	ok := r.counted(o.size, len(value), "keys")
	ok = r.required(o, value) && ok
	if !r.goOn(ok) {
		return false
	}
	for key := range r.keys(value) {
		if r.goOn(ok) {
			ok = r.member(o, key, value[key], seen) && ok
		}
		if o.names != nil && r.goOn(ok) {
			ok = r.below(key, o.names, key) && ok
		}
	}
	for _, d := range o.dependents {
		if _, there := value[d.key]; there && r.goOn(ok) {
			ok = r.dependent(d, value, seen) && ok
		}
	}
	return ok
}

// keys are in order where the order shows.
func (r *run) keys(value map[string]any) iter.Seq[string] {
	if r.quiet {
		return maps.Keys(value)
	}
	return slices.Values(slices.Sorted(maps.Keys(value)))
}

func (r *run) required(o *objectRules, value map[string]any) bool {
	ok := true
	for _, key := range o.required {
		if _, there := value[key]; !there {
			ok = r.fail(Missing, "required, and not there", key)
		}
	}
	return ok
}

// member checks a key's value by all schemas that speak of the key.
func (r *run) member(o *objectRules, key string, value any, seen *evaluated) bool {
	ok, known := true, false
	if of := o.properties[key]; of != nil {
		ok, known = r.below(key, of, value), true
	}
	for _, p := range o.patterns {
		if r.goOn(ok) && p.pattern.MatchString(key) {
			ok, known = r.below(key, p.schema, value) && ok, true
		}
	}
	if !known && o.additional != nil {
		ok, known = r.rest(o.additional, key, value), true
	}
	if known {
		seen.key(key)
	}
	return ok
}

// rest checks a key that only a schema for all other keys speaks of.
func (r *run) rest(s *Schema, key string, value any) bool {
	if s.nothing {
		return r.fail(Unexpected, "the schema has no such key", key)
	}
	return r.below(key, s, value)
}

func (r *run) dependent(d dependent, value map[string]any, seen *evaluated) bool {
	if d.schema != nil {
		return r.beside(d.schema, value, seen)
	}
	var missing []string
	for _, key := range d.required {
		if _, there := value[key]; !there {
			missing = append(missing, key)
		}
	}
	return missing == nil || r.invalid("with %s goes %s, which is not there", clip(d.key), clip(strings.Join(missing, ", ")))
}

func (r *run) leftKeys(s *Schema, value map[string]any, seen *evaluated) bool {
	ok := true
	for key := range r.keys(value) {
		if !seen.keys[key] && r.goOn(ok) {
			ok = r.rest(s, key, value[key]) && ok
			seen.key(key)
		}
	}
	return ok
}
