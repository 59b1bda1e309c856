package jsonschema

// parts checks the schemas that speak of the same value.
func (r *run) parts(s *Schema, value any, seen *evaluated) bool {
	ok := s.ref == nil || r.beside(s.ref, value, seen)
	for _, part := range s.allOf {
		if r.goOn(ok) {
			ok = r.beside(part, value, seen) && ok
		}
	}
	if s.not != nil && r.goOn(ok) && r.holds(s.not, value, nil) {
		ok = r.invalid("the schema has this under not")
	}
	if s.anyOf != nil && r.goOn(ok) {
		ok = r.anyOf(s.anyOf, value, seen) && ok
	}
	if s.oneOf != nil && r.goOn(ok) {
		ok = r.oneOf(s.oneOf, value, seen) && ok
	}
	if s.condition != nil && r.goOn(ok) {
		branch := s.orElse
		if r.holds(s.condition, value, seen) {
			branch = s.then
		}
		ok = (branch == nil || r.beside(branch, value, seen)) && ok
	}
	return ok
}

// anyOf reports what is wrong by each of the schemas, where none holds.
func (r *run) anyOf(parts []*Schema, value any, seen *evaluated) bool {
	before, matched := len(r.found), false
	for _, part := range parts {
		if r.beside(part, value, seen) {
			matched = true
			if seen == nil {
				break // else all that hold say what they speak of
			}
		}
	}
	if matched {
		r.found = r.found[:before]
	}
	return matched
}

func (r *run) oneOf(parts []*Schema, value any, seen *evaluated) bool {
	before, matched := len(r.found), 0
	for _, part := range parts {
		if r.beside(part, value, seen) {
			matched++
		}
	}
	if matched > 0 {
		r.found = r.found[:before]
	}
	if matched > 1 {
		return r.invalid("want what one schema of oneOf allows, and %d allow this", matched)
	}
	return matched == 1
}
