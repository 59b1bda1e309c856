package semantic

import (
	"slices"
	"strings"
)

// parseExpression reads a condition of a query. It is not SQL that is passed
// on: it is parsed by the grammar below and written anew, so that nothing but
// comparisons of dimensions with values can come of it.
//
//	or    = and { "or" and }
//	and   = not { "and" not }
//	not   = "not" not | test
//	test  = sum [ compare sum | ["not"] "in" "(" sum {"," sum} ")" | ["not"] "between" sum "and" sum
//	            | ["not"] ("like" | "ilike") sum | "is" ["not"] "null" ]
//	sum   = term { ("+" | "-") term }
//	term  = unary { ("*" | "/" | "%") unary }
//	unary = "-" unary | "(" or ")" | number | text | "true" | "false" | "null" | name | name "(" [or {"," or}] ")" | "{{ reference }}"
//
// Conditions that "and" joins at the top come one by one.
func parseExpression(text string) ([]*condition, error) {
	if len(text) > maxConditionBytes {
		return nil, wrong("", "a condition of %d bytes is longer than the %d that are read", len(text), maxConditionBytes)
	}
	p := &expressionParser{}
	var err error
	if p.tokens, err = scanExpression(text); err != nil {
		return nil, err
	}
	p.or(0)
	if p.err == nil && p.at < len(p.tokens) {
		p.expected("the end of the condition")
	}
	if p.err != nil {
		return nil, p.err
	}
	if !slices.ContainsFunc(p.out, func(one piece) bool { return one.ref != nil }) {
		return nil, wrong("write store__city = 'Lima', for one", "the condition %s names no dimension", excerpt(text))
	}
	return p.conditions(), nil
}

// conditions are what "and" joins at the top, or the whole where "or" does.
func (p *expressionParser) conditions() []*condition {
	var conds []*condition
	begin := 0
	for _, end := range append(p.ands, len(p.out)) {
		conds = append(conds, &condition{p.out[begin:end]})
		begin = end + 1
	}
	return conds
}

type expressionParser struct {
	tokens []token
	at     int
	out    []piece
	ands   []int // pieces that are an "and" at the top
	err    error
}

func (p *expressionParser) write(sql string) {
	if n := len(p.out); n > 0 && p.out[n-1].ref == nil && !slices.Contains(p.ands, n-1) {
		p.out[n-1].sql += sql
		return
	}
	p.out = append(p.out, piece{sql: sql})
}

func (p *expressionParser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *expressionParser) expected(what string) {
	if p.err != nil {
		return
	}
	found := "the condition ends"
	if t := p.peek(); t.kind != 0 {
		found = excerpt(t.text) + " stands there"
	}
	p.err = wrong("conditions look like store__city = 'Lima' and metric_time__day >= '2026-11-01'", "%s is expected, but %s", what, found)
}

// word takes a keyword or a sign.
func (p *expressionParser) word(texts ...string) bool {
	t := p.peek()
	if t.kind != wordToken && t.kind != signToken || !slices.Contains(texts, strings.ToLower(t.text)) {
		return false
	}
	p.at++
	return true
}

func (p *expressionParser) must(text string) {
	if !p.word(text) {
		p.expected(text)
	}
}

// deep ends the reading of conditions that nest without end.
func (p *expressionParser) deep(depth int) bool {
	if depth > maxConditionDepth && p.err == nil {
		p.err = wrong("", "a condition nests deeper than %d levels", maxConditionDepth)
	}
	return p.err != nil
}

func (p *expressionParser) or(depth int) {
	p.and(depth)
	for p.err == nil && p.word("or") {
		if depth == 0 {
			p.ands = nil
		}
		p.write(" OR ")
		p.and(depth)
		if depth == 0 {
			p.ands = nil
		}
	}
}

func (p *expressionParser) and(depth int) {
	p.not(depth)
	for p.err == nil && p.word("and") {
		if depth == 0 {
			p.ands = append(p.ands, len(p.out))
			p.out = append(p.out, piece{sql: " AND "})
		} else {
			p.write(" AND ")
		}
		p.not(depth)
	}
}

func (p *expressionParser) not(depth int) {
	if p.deep(depth) {
		return
	}
	if p.word("not") {
		p.write("NOT ")
		p.not(depth + 1)
		return
	}
	p.test(depth + 1)
}

func (p *expressionParser) test(depth int) {
	p.sum(depth)
	negated := false
	if t := p.peek(); p.err == nil && t.kind == signToken {
		for _, sign := range []string{"=", "!=", "<>", "<=", ">=", "<", ">"} {
			if p.word(sign) {
				p.write(" " + sign + " ")
				p.sum(depth)
				return
			}
		}
	}
	if p.err == nil && p.word("is") {
		p.write(map[bool]string{true: " IS NOT NULL", false: " IS NULL"}[p.word("not")])
		p.must("null")
		return
	}
	if p.err == nil && p.word("not") {
		negated = true
		p.write(" NOT")
	}
	switch {
	case p.err != nil:
	case p.word("in"):
		p.write(" IN (")
		p.must("(")
		p.list(depth)
		p.write(")")
	case p.word("between"):
		p.write(" BETWEEN ")
		p.sum(depth)
		p.must("and")
		p.write(" AND ")
		p.sum(depth)
	case p.word("like"):
		p.write(" LIKE ")
		p.sum(depth)
	case p.word("ilike"):
		p.write(" ILIKE ")
		p.sum(depth)
	case negated:
		p.expected("in, between, like or ilike")
	}
}
