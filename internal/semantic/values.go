package semantic

import "strings"

// values lists the values of dimensions, without any metric.
func (c *compiler) values() (Statement, error) {
	var best *source
	var selected []string
	var first error
	for _, model := range c.man.Models {
		s := newSource(c, &leaf{model: model, conds: c.conditions()})
		if model.AggTime != "" {
			s.l.time = model.dimension(model.AggTime)
		}
		var list []string
		for _, it := range c.items {
			if it.kind == timeItem {
				return Statement{}, wrong("name a metric", "%s is the time of a metric, and the query has none", it.name)
			}
			list = append(list, s.item(it)+" AS "+ident(it.name))
		}
		if s.err != nil {
			first = firstError(first, s.err)
			continue
		}
		if best == nil || len(s.joins) < len(best.joins) || len(s.joins) == len(best.joins) && !s.foreign() && best.foreign() {
			best, selected = s, list
		}
	}
	if best == nil {
		return Statement{}, first
	}
	where := best.where(nil)
	body := "SELECT DISTINCT " + strings.Join(selected, ", ") + "\nFROM " + best.from() + where
	if best.err != nil {
		return Statement{}, best.err
	}
	return c.finish(body, c.itemColumns())
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// foreign says whether an item is another model's key: its own model lists
// more of its values.
func (s *source) foreign() bool {
	for _, it := range s.c.items {
		if e := s.l.model.entity(it.element); len(it.links) == 0 && e != nil && e.Type == "foreign" {
			return true
		}
	}
	return false
}
