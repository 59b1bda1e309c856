package semantic

import (
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// functions are those that a condition may call.
var functions = map[string]string{
	"lower": "lowerUTF8", "upper": "upperUTF8", "length": "lengthUTF8", "trim": "trimBoth", "abs": "abs", "round": "round",
	"floor": "floor", "ceil": "ceil", "coalesce": "coalesce", "ifnull": "ifNull", "nullif": "nullIf", "startswith": "startsWith",
	"endswith": "endsWith", "todate": "toDate", "today": "today", "yesterday": "yesterday", "adddays": "addDays", "addmonths": "addMonths",
	"toyear": "toYear", "tomonth": "toMonth", "todayofweek": "toDayOfWeek",
}

// list reads what stands in brackets, to the closing one.
func (p *expressionParser) list(depth int) {
	for p.err == nil {
		p.or(depth)
		if p.word(")") {
			return
		}
		p.must(",")
		p.write(", ")
	}
}

func (p *expressionParser) sum(depth int) {
	p.term(depth)
	for p.err == nil {
		switch {
		case p.word("+"):
			p.write(" + ")
		case p.word("-"):
			p.write(" - ")
		default:
			return
		}
		p.term(depth)
	}
}

func (p *expressionParser) term(depth int) {
	p.unary(depth)
	for p.err == nil {
		switch {
		case p.word("*"):
			p.write(" * ")
		case p.word("/"):
			p.write(" / ")
		case p.word("%"):
			p.write(" % ")
		default:
			return
		}
		p.unary(depth)
	}
}

func (p *expressionParser) unary(depth int) {
	if p.deep(depth) {
		return
	}
	t := p.peek()
	switch {
	case p.word("-"):
		p.write("-(") // two signs in a row would begin a comment
		p.unary(depth + 1)
		p.write(")")
		return
	case p.word("("):
		p.write("(")
		p.or(depth + 1)
		p.must(")")
		p.write(")")
		return
	}
	switch t.kind {
	case numberToken:
		p.write(t.text)
	case stringToken:
		p.write(literal(t.text))
	case referenceToken:
		p.out = append(p.out, piece{ref: t.ref})
	case wordToken:
		p.at++
		p.name(t, depth)
		return
	default:
		p.expected("a dimension or a value")
		return
	}
	p.at++
}

var reservedWords = []string{"and", "or", "not", "in", "between", "like", "ilike", "is"}

// name is a constant, a call, or a dimension.
func (p *expressionParser) name(t token, depth int) {
	lower := strings.ToLower(t.text)
	switch {
	case lower == "true" || lower == "false" || lower == "null":
		p.write(strings.ToUpper(lower))
		return
	case slices.Contains(reservedWords, lower):
		p.at--
		p.expected("a dimension or a value")
		return
	case p.word("("):
		f, ok := functions[lower]
		if !ok {
			p.err = wrong(spelling.Suggest(lower, sorted(functions)), "conditions cannot call %s", excerpt(t.text))
			return
		}
		p.write(f + "(")
		if !p.word(")") {
			p.list(depth + 1)
		}
		p.write(")")
		return
	}
	it, err := parseItem(t.text)
	if err != nil {
		p.err = err
		return
	}
	p.out = append(p.out, piece{ref: &reference{item: it}})
}
