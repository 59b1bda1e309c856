package semantic

import (
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// takeSaved lays the query over the saved one that it names.
func (c *compiler) takeSaved() error {
	if c.q.Saved == "" {
		return nil
	}
	s := c.man.saved[c.q.Saved]
	if s == nil {
		return wrong(spelling.Suggest(c.q.Saved, sorted(c.man.saved)), "there is no saved query %s", c.q.Saved)
	}
	if len(c.q.Metrics) > 0 || len(c.q.GroupBy) > 0 {
		return wrong("", "saved query %s names its metrics and dimensions itself", s.Name)
	}
	c.q.Metrics = s.Metrics
	for _, written := range s.GroupBy {
		name, err := savedName(written)
		if err != nil {
			return err
		}
		c.q.GroupBy = append(c.q.GroupBy, name)
	}
	if len(c.q.OrderBy) == 0 {
		for _, written := range s.OrderBy {
			name, err := savedName(written)
			if err != nil {
				return err
			}
			c.q.OrderBy = append(c.q.OrderBy, name)
		}
	}
	if c.q.Limit == 0 {
		c.q.Limit = s.Limit
	}
	c.saved = s.filters
	return nil
}

// savedName reads a name of a saved query, which may be written as a reference
// without its braces: TimeDimension('metric_time', 'day').
func savedName(written string) (string, error) {
	written = strings.TrimSpace(written)
	minus, rest := "", written
	if after, ok := strings.CutPrefix(written, "-"); ok {
		minus, rest = "-", after
	}
	if !strings.Contains(rest, "(") {
		return written, nil
	}
	if body, ok := strings.CutSuffix(rest, ".descending(True)"); ok {
		minus, rest = "-", body
	}
	ref, err := parseReference(strings.TrimSuffix(strings.TrimPrefix(rest, "{{"), "}}"))
	switch {
	case err != nil:
		return "", err
	case ref.metric != nil:
		return minus + ref.metric.name, nil
	}
	return minus + ref.item.name, nil
}
