package load

import (
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// ttl is a table's own clause on which rows to delete.
type ttl struct {
	text  string // as the server writes it, "" for none
	rules []ttlRule
}

// ttlRule deletes rows when n units have passed since the table's time, if its
// form is the plain one of raw tables; n is 0 where it is not.
type ttlRule struct {
	expired string // the condition on a row to be deleted, in SQL
	n       int
	unit    string // "year" and so on
	spares  bool   // those of --allow-expired
}

var plainRule = lazyregexp.New("^(?:toDateTime\\()?`?(\\w+)`?\\)? \\+ toInterval(Second|Minute|Hour|Day|Week|Month|Quarter|Year)\\((\\d+)\\)(?: DELETE)?(?: WHERE (.+))?$")

// ttlOf reads the TTL in a table's engine clause; column is the time that counts.
func ttlOf(engine, column string) ttl {
	_, clause, found := cutOutside(engine, " TTL ")
	if !found {
		return ttl{}
	}
	clause, _, _ = cutOutside(clause, " SETTINGS ")
	t := ttl{text: clause}
	for rest, more := clause, true; more; {
		var element string
		element, rest, more = cutOutside(rest, ", ")
		if deletes(element) {
			t.rules = append(t.rules, ruleOf(element, column))
		}
	}
	return t
}

// deletes says whether an element of a TTL clause removes rows; others move or
// recompress them.
func deletes(element string) bool {
	for _, other := range []string{" TO DISK ", " TO VOLUME ", " RECOMPRESS "} {
		if _, _, found := cutOutside(element, other); found {
			return false
		}
	}
	return true
}

func ruleOf(element, column string) ttlRule {
	rule := ttlRule{expired: expired(element)}
	m := plainRule().FindStringSubmatch(element)
	if m == nil || m[1] != column || m[4] != "" && m[4] != exception {
		return rule
	}
	n, err := strconv.Atoi(m[3])
	if err != nil {
		return rule
	}
	rule.n, rule.unit, rule.spares = n, strings.ToLower(m[2]), m[4] != ""
	return rule
}

// expired turns "time [DELETE] [WHERE condition] [GROUP BY …]" into a condition.
func expired(element string) string {
	element, _, _ = cutOutside(element, " GROUP BY ")
	at, condition, conditional := cutOutside(element, " WHERE ")
	past := "(" + strings.TrimSuffix(at, " DELETE") + ") <= now()"
	if !conditional {
		return past
	}
	return past + " AND (" + condition + ")"
}

// cutOutside is strings.Cut that looks past quotes and parentheses.
func cutOutside(s, sep string) (before, after string, found bool) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '`' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && strings.HasPrefix(s[i:], sep):
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

// oldest is when rows of now begin to be kept.
func (r ttlRule) oldest(now time.Time) time.Time {
	switch r.unit {
	case "year":
		return now.AddDate(-r.n, 0, 0)
	case "quarter":
		return now.AddDate(0, -3*r.n, 0)
	case "month":
		return now.AddDate(0, -r.n, 0)
	case "week":
		return now.AddDate(0, 0, -7*r.n)
	case "day":
		return now.AddDate(0, 0, -r.n)
	}
	seconds := map[string]int{"hour": 3600, "minute": 60, "second": 1}[r.unit]
	return now.Add(-time.Duration(r.n*seconds) * time.Second)
}

func (r ttlRule) String() string {
	if r.n == 1 {
		return "1 " + r.unit
	}
	return strconv.Itoa(r.n) + " " + r.unit + "s"
}
