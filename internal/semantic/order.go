package semantic

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// finish puts order and limit behind a body.
func (c *compiler) finish(body string, columns []Column) (Statement, error) {
	order, err := c.order(columns)
	if err != nil {
		return Statement{}, err
	}
	sql := body + order
	if c.q.Limit > 0 {
		sql += fmt.Sprintf("\nLIMIT %d", c.q.Limit)
	}
	if len(sql) > maxSQLBytes {
		return Statement{}, wrong("ask for fewer metrics, with fewer conditions or stores", "the query comes to %d bytes of SQL, and %d are the most", len(sql), maxSQLBytes)
	}
	// A row that nothing is joined to has nulls, not empty texts.
	return Statement{SQL: sql + "\nSETTINGS join_use_nulls = 1", Columns: columns}, nil
}

// order is the ORDER BY clause: what is asked for, then the items, so that the
// same answer always has the same order.
func (c *compiler) order(columns []Column) (string, error) {
	var names, by []string
	for _, column := range columns {
		names = append(names, column.Name)
	}
	taken := map[string]bool{}
	add := func(name, direction string) {
		if !taken[name] {
			taken[name] = true
			by = append(by, ident(name)+direction)
		}
	}
	known := func(name string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
	for _, written := range c.q.OrderBy {
		name, direction := strings.TrimSpace(written), ""
		if rest, ok := strings.CutPrefix(name, "-"); ok {
			name, direction = rest, " DESC"
		}
		if !known(name) {
			return "", wrong(spelling.Suggest(name, names), "there is nothing to order by called %s", excerpt(name))
		}
		add(name, direction)
	}
	for _, it := range c.items {
		add(it.name, "")
	}
	if len(by) == 0 {
		return "", nil
	}
	return "\nORDER BY " + strings.Join(by, ", "), nil
}
