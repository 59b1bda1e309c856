package jsonschema

import (
	"fmt"
	"slices"
)

// Kind is in which way a value is wrong.
type Kind uint8

// The kinds that there are.
const (
	Missing    Kind = iota + 1 // a required key is not there
	Unexpected                 // nothing may stand there
	WrongType                  // of another JSON type
	Invalid                    // all else
)

// Violation is one thing that is wrong in a value.
type Violation struct {
	Kind Kind
	// Path leads to what is wrong: keys and indexes, from the outside in. It ends
	// with the key that is missing, or whose name is wrong.
	Path   []string
	Detail string // for people: what was wanted, and what was found
}

// Bounds on one validation.
const (
	maxSteps   = 2_000_000 // schemas applied
	maxNesting = 10_000    // of schemas, each applied by the one before
	maxFound   = 1000      // violations kept
)

// Validate says what is wrong in a value, nothing for a valid one. The same
// value always gives the same violations in the same order.
func (s *Schema) Validate(value any) []Violation {
	// Nearly all values are valid: whether one is costs less than what is wrong.
	r := run{quiet: true}
	if r.apply(s, value, nil) && !r.exhausted {
		return nil
	}
	if !r.exhausted {
		r = run{}
		r.apply(s, value, nil)
	}
	if r.exhausted {
		return []Violation{{Kind: Invalid, Detail: "the schema takes too many steps for this value: let it refer to itself less often"}}
	}
	return r.found
}

// run is one validation. Its methods give false for what is not valid.
type run struct {
	quiet     bool // only the verdict counts, so the first violation ends it
	exhausted bool // the bounds were reached: there is no verdict
	steps     int
	depth     int
	path      []string
	found     []Violation
	scratch   []byte
}

func (r *run) fail(kind Kind, detail string, below ...string) bool {
	if !r.quiet && len(r.found) < maxFound {
		r.found = append(r.found, Violation{kind, append(slices.Clone(r.path), below...), detail})
	}
	return false
}

func (r *run) invalid(format string, args ...any) bool {
	if r.quiet {
		return false
	}
	return r.fail(Invalid, fmt.Sprintf(format, args...))
}

// goOn says whether to look for more after something may have been wrong.
func (r *run) goOn(ok bool) bool { return ok || !r.quiet }

// below applies a schema to a value inside the one at hand.
func (r *run) below(token string, s *Schema, value any) bool {
	r.path = append(r.path, token)
	ok := r.apply(s, value, nil)
	r.path = r.path[:len(r.path)-1]
	return ok
}

// beside applies a schema to the value at hand. What it evaluated counts only
// where the value is valid by it (core, 7.7.1).
func (r *run) beside(s *Schema, value any, seen *evaluated) bool {
	if seen == nil {
		return r.apply(s, value, nil)
	}
	own := &evaluated{}
	ok := r.apply(s, value, own)
	if ok {
		seen.merge(own)
	}
	return ok
}

// holds is beside for a schema whose violations are none of the value's.
func (r *run) holds(s *Schema, value any, seen *evaluated) bool {
	was := r.quiet
	r.quiet = true
	ok := r.beside(s, value, seen)
	r.quiet = was
	return ok
}
