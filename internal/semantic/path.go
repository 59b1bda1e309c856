package semantic

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// found is what an item comes to for a model: a dimension or an entity of the
// model where the way ends.
type found struct {
	item      item   // as it was understood
	steps     []step // none where it is the model's own
	model     *Model // where the way ends
	entity    *Entity
	dimension *Dimension
}

// step is one join along an entity, to a model in which each value of it
// stands once.
type step struct {
	entity string
	to     *Model
}

// expr is the SQL of what was found, in the scope of its model's table.
func (f found) expr() string {
	if f.entity != nil {
		return f.entity.Expr
	}
	return f.dimension.Expr
}

// find looks for an item from a model on. metric_time is no business of it.
func (m *Manifest) find(from *Model, it item) (found, error) {
	if it.grain != "" { // a dimension may be called as a grain is
		called := item{name: it.name, links: append(it.links[:len(it.links):len(it.links)], it.element), element: string(it.grain)}
		if ways, _ := m.ways(from, called.links, called.element, nil); len(ways) == 1 {
			ways[0].item = called
			return ways[0], nil
		}
	}
	ways, blocked := m.ways(from, it.links, it.element, nil)
	switch {
	case len(ways) == 1:
		ways[0].item = it
		return ways[0], nil
	case len(ways) > 1:
		return found{}, wrong("rename one of the dimensions, or name a longer way to it",
			"%s is ambiguous: %s and %s both have %s", it.name, ways[0].model.Name, ways[1].model.Name, it.element)
	case blocked != "":
		return found{}, wrong("", "%s cannot be asked of %s: %s", it.name, from.Name, blocked)
	}
	if last := len(it.links) - 1; last > 0 {
		if times, _ := m.ways(from, it.links[:last], it.links[last], nil); len(times) == 1 && times[0].dimension != nil && times[0].dimension.Type == "time" {
			return found{}, noGrain(it.name, it.element)
		}
	}
	return found{}, wrong(m.near(from, it), "%s is not offered for %s: no way leads there from %s", it.name, from.Name, m.ends(from))
}

// near says what may have been meant by a name that is not offered.
func (m *Manifest) near(from *Model, it item) string {
	if len(from.Entities) > 0 && m.metrics[it.name] != nil {
		return fmt.Sprintf("it is a metric: in a condition, write {{ Metric('%s', ['%s']) }}", it.name, firstOf(m.options.Tenant, from.Entities[0].Name))
	}
	if near := spelling.Near(it.name, m.offered(from)); near != "" {
		return "did you mean " + near + "?"
	}
	return "tiendi list dimensions --metrics … says what is offered"
}

// ends names the entities of a model, for messages.
func (m *Manifest) ends(from *Model) string {
	var names []string
	for _, e := range from.Entities {
		names = append(names, e.Name)
	}
	if len(names) == 0 {
		return "it, since it has no entities"
	}
	return "its entities " + join(names)
}

// ways finds every way from a model along entities to an element. Where the
// only ways would repeat rows, blocked explains it.
func (m *Manifest) ways(from *Model, links []string, element string, steps []step) (all []found, blocked string) {
	if len(links) == 0 {
		if e := from.entity(element); e != nil {
			return []found{{steps: steps, model: from, entity: e}}, ""
		}
		return nil, ""
	}
	link := links[0]
	if len(links) == 1 && from.calls(link) {
		if d := from.dimension(element); d != nil {
			return []found{{steps: steps, model: from, dimension: d}}, ""
		}
		if e := from.entity(element); e != nil && element != link {
			return []found{{steps: steps, model: from, entity: e}}, ""
		}
	}
	if from.entity(link) == nil {
		return nil, m.fanOut(from, link, element, len(links))
	}
	for _, to := range m.Models {
		e := to.entity(link)
		if to == from || e == nil || visited(steps, to) {
			continue
		}
		next := append(steps[:len(steps):len(steps)], step{link, to})
		if e.Type == "foreign" {
			if d := to.dimension(element); len(links) == 1 && d != nil && to.calls(link) {
				blocked = many(from, link, to)
			}
			continue
		}
		switch {
		case len(links) > 1:
			more, reason := m.ways(to, links[1:], element, next)
			all = append(all, more...)
			blocked = firstOf(blocked, reason)
		case to.dimension(element) != nil:
			all = append(all, found{steps: next, model: to, dimension: to.dimension(element)})
		case to.entity(element) != nil && element != link:
			all = append(all, found{steps: next, model: to, entity: to.entity(element)})
		}
	}
	return all, blocked
}

func many(from *Model, link string, to *Model) string {
	return fmt.Sprintf("one %s of %s has many rows in %s, so that joining them would count rows of %s again and again",
		link, from.Name, to.Name, from.Name)
}

// fanOut explains why a model without an entity cannot reach what lies behind
// it, where another model with both has many rows for each of this one's.
func (m *Manifest) fanOut(from *Model, link, element string, links int) string {
	if links != 1 {
		return ""
	}
	behind := false
	for _, to := range m.Models {
		if e := to.entity(link); e != nil && e.unique() && to.dimension(element) != nil || to.calls(link) && to.dimension(element) != nil {
			behind = true
		}
	}
	if !behind {
		return ""
	}
	for _, between := range m.Models {
		if between.entity(link) == nil && !between.calls(link) {
			continue
		}
		for _, shared := range between.Entities {
			if e := from.entity(shared.Name); e != nil && shared.Type == "foreign" && between != from {
				return fmt.Sprintf("the way is %s → %s → %s, and %s", from.Name, between.Name, link, many(from, shared.Name, between))
			}
		}
	}
	return ""
}

func visited(steps []step, to *Model) bool {
	for _, s := range steps {
		if s.to == to {
			return true
		}
	}
	return false
}

// wayName is how a join is called in SQL: by the entities that lead there.
func wayName(steps []step) string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.entity
	}
	if name := strings.Join(names, "__"); name != "base" {
		return name
	}
	return "_base" // base is the model's own table
}
