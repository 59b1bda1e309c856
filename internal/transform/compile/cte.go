package compile

import "strings"

// cte is an ephemeral model put in front of a query that reads it.
type cte struct {
	id   string // unique id of the ephemeral model
	name string // __dbt__cte__<alias>
	sql  string // its select
}

func (c cte) String() string { return " " + c.name + " as (\n" + c.sql + "\n)" }

// injectCTEs puts ctes in front of sql: at the head of its own WITH list when
// it begins with one (comments may precede it), in a new WITH otherwise.
// Spacing is dbt's, so that compiled files compare equal.
func injectCTEs(sql string, ctes []cte) string {
	if len(ctes) == 0 {
		return sql
	}
	parts := make([]string, len(ctes))
	for i, c := range ctes {
		parts[i] = c.String()
	}
	list := strings.Join(parts, ", ")
	if at, ok := afterWith(sql); ok {
		return sql[:at] + list + ", " + sql[at:]
	}
	at := skipBlank(sql, 0)
	return sql[:at] + "with" + list + " " + sql[at:]
}

// afterWith gives the offset of the first CTE's name when sql begins with WITH
// (or WITH RECURSIVE).
func afterWith(sql string) (int, bool) {
	at := skipComments(sql, 0)
	end, ok := keyword(sql, at, "with")
	if !ok {
		return 0, false
	}
	next := skipBlank(sql, end)
	if end, ok := keyword(sql, next, "recursive"); ok {
		next = skipBlank(sql, end)
	}
	return next, true
}

// keyword gives the offset behind word when it stands at sql[at:], in any case.
func keyword(sql string, at int, word string) (int, bool) {
	end := at + len(word)
	if end > len(sql) || !strings.EqualFold(sql[at:end], word) {
		return 0, false
	}
	if end < len(sql) && isWord(sql[end]) {
		return 0, false
	}
	return end, true
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func skipBlank(sql string, at int) int {
	for at < len(sql) && strings.IndexByte(" \t\r\n\f\v", sql[at]) >= 0 {
		at++
	}
	return at
}

// skipComments skips blanks and SQL comments.
func skipComments(sql string, at int) int {
	for {
		at = skipBlank(sql, at)
		rest := sql[at:]
		switch {
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "# "), strings.HasPrefix(rest, "#!"):
			line := strings.IndexByte(rest, '\n')
			if line < 0 {
				return len(sql)
			}
			at += line + 1
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return len(sql)
			}
			at += 2 + end + 2
		default:
			return at
		}
	}
}
