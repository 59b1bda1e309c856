package jsonschema

import "strconv"

func (r *run) array(a *arrayRules, value []any, seen *evaluated) bool {
	ok := r.counted(a.items, len(value), "items")
	if a.unique && r.goOn(ok) {
		ok = r.unique(value) && ok
	}
	for i, item := range value {
		of := a.rest
		if i < len(a.prefix) {
			of = a.prefix[i]
		}
		if of != nil && r.goOn(ok) {
			ok = r.item(i, of, item) && ok
		}
	}
	seen.upTo(min(len(a.prefix), len(value)))
	if a.rest != nil {
		seen.upTo(len(value))
	}
	if a.contains != nil && r.goOn(ok) {
		ok = r.contains(a, value, seen) && ok
	}
	return ok
}

func (r *run) item(i int, s *Schema, value any) bool {
	token := ""
	if !r.quiet {
		token = strconv.Itoa(i)
	}
	return r.below(token, s, value)
}

// contains reports what is wrong with each item, where too few are right.
func (r *run) contains(a *arrayRules, value []any, seen *evaluated) bool {
	before, matched := len(r.found), 0
	for i, item := range value {
		if r.item(i, a.contains, item) {
			matched++
			seen.item(i)
		}
	}
	if matched < a.contained.least {
		if len(r.found) == before {
			r.invalid("want %d or more items as contains says, got %d", a.contained.least, matched)
		}
		return false
	}
	r.found = r.found[:before]
	if most := a.contained.most; most != noLimit && matched > most {
		return r.invalid("want up to %d items as contains says, got %d", most, matched)
	}
	return true
}

// unique finds values that are there twice, in one pass.
func (r *run) unique(value []any) bool {
	seen := make(map[string]int, len(value))
	for i, item := range value {
		r.scratch = appendCanonical(r.scratch[:0], item)
		if first, twice := seen[string(r.scratch)]; twice {
			return r.invalid("want no value twice, and items %d and %d are the same", first, i)
		}
		seen[string(r.scratch)] = i
	}
	return true
}

func (r *run) leftItems(s *Schema, value []any, seen *evaluated) bool {
	ok := true
	for i := seen.first; i < len(value); i++ {
		if !seen.items[i] && r.goOn(ok) {
			ok = r.item(i, s, value[i]) && ok
		}
	}
	seen.upTo(len(value))
	return ok
}
