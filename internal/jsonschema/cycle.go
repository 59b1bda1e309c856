package jsonschema

import "strconv"

// step is a schema that is applied to the same value as the one it is part of.
type step struct {
	keyword string
	to      *Schema
}

// inPlace lists the schemas that s applies to the value that it is applied to.
func (s *Schema) inPlace() []step {
	steps := []step{{"$ref", s.ref}, {"not", s.not}, {"if", s.condition}, {"then", s.then}, {"else", s.orElse}}
	lists := [][]*Schema{s.allOf, s.anyOf, s.oneOf}
	for i, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for j, part := range lists[i] {
			steps = append(steps, step{keyword + "/" + strconv.Itoa(j), part})
		}
	}
	if s.object != nil {
		for _, d := range s.object.dependents {
			steps = append(steps, step{"dependentSchemas/" + escape(d.key), d.schema})
		}
	}
	return steps
}

// findCycles reports schemas that come back to themselves without having gone
// into the value: no value would ever be through with them (core, 9.4.1).
func (c *compiler) findCycles() {
	const open, done = 1, 2
	state := map[*Schema]int{}
	var visit func(s *Schema)
	visit = func(s *Schema) {
		state[s] = open
		for _, next := range s.inPlace() {
			switch {
			case next.to == nil || state[next.to] == done:
			case state[next.to] == open:
				c.problem(place{s.at.url, s.at.pointer + "/" + next.keyword},
					"leads back to itself for the same value, and would never end: refer to it from below properties or items")
			default:
				visit(next.to)
			}
		}
		state[s] = done
	}
	for _, s := range c.order {
		if state[s] == 0 {
			visit(s)
		}
	}
}
