package materialize

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Reads finds where a query first reads a relation, as the place of its name
// in the text; nil where it does not. What a dot follows is a column's name.
func Reads(sql string, source project.Relation) []int {
	part := func(name, before, after string) string {
		return fmt.Sprintf("(?:%s|%s%s%s)", regexp.QuoteMeta(warehouse.Ident(name)), before, regexp.QuoteMeta(name), after)
	}
	names := regexp.MustCompile(part(source.Schema, `\b`, "") + `\.` + part(source.Identifier, "", `\b`))
	for _, at := range names.FindAllStringIndex(sql, -1) {
		if !strings.HasPrefix(sql[at[1]:], ".") {
			return at
		}
	}
	return nil
}

// filtered puts a condition on the source where a query first reads it.
func filtered(sql string, source project.Relation, condition string) (string, error) {
	at := Reads(sql, source)
	if at == nil {
		return "", fmt.Errorf("the query does not name %s, from which its view is fed", Quote(source))
	}
	inner := fmt.Sprintf("(SELECT * FROM %s WHERE %s)", Quote(source), condition)
	if !aliased(sql[at[1]:]) {
		inner += " AS " + warehouse.Ident(source.Identifier)
	}
	return sql[:at[0]] + inner + sql[at[1]:], nil
}

var nextWord = lazyregexp.New("^\\s+[`\"]?(\\w+)")

// aliased says whether what follows a table begins with an alias.
func aliased(rest string) bool {
	m := nextWord().FindStringSubmatch(rest)
	if m == nil {
		return false
	}
	switch strings.ToUpper(m[1]) {
	case "WHERE", "PREWHERE", "GROUP", "ORDER", "LIMIT", "SETTINGS", "HAVING", "UNION", "ARRAY", "JOIN", "LEFT",
		"RIGHT", "INNER", "ANY", "ALL", "ASOF", "CROSS", "GLOBAL", "SAMPLE", "FINAL", "WINDOW", "QUALIFY", "OFFSET":
		return false
	}
	return true
}
