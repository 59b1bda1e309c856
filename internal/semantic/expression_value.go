package semantic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// conditionFunction is ClickHouse's function, and how many arguments it takes here.
type conditionFunction struct {
	sql         string
	least, most int
}

// functions are those that a condition may call.
var functions = map[string]conditionFunction{
	"lower": {"lowerUTF8", 1, 1}, "upper": {"upperUTF8", 1, 1}, "length": {"lengthUTF8", 1, 1}, "trim": {"trimBoth", 1, 1},
	"startswith": {"startsWith", 2, 2}, "endswith": {"endsWith", 2, 2}, "abs": {"abs", 1, 1}, "round": {"round", 1, 2}, "floor": {"floor", 1, 2},
	"ceil": {"ceil", 1, 2}, "coalesce": {"coalesce", 1, 10}, "ifnull": {"ifNull", 2, 2}, "nullif": {"nullIf", 2, 2},
	"todate": {"toDate", 1, 1}, "today": {"today", 0, 0}, "yesterday": {"yesterday", 0, 0}, "adddays": {"addDays", 2, 2}, "addmonths": {"addMonths", 2, 2},
	"toyear": {"toYear", 1, 1}, "tomonth": {"toMonth", 1, 1}, "todayofweek": {"toDayOfWeek", 1, 1},
}

// list reads what stands in brackets, to the closing one, and counts it.
func (p *expressionParser) list(depth int) (n int) {
	for p.err == nil {
		p.or(depth)
		n++
		if p.word(")") {
			return n
		}
		p.must(",")
		p.write(", ")
	}
	return n
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
			p.divide(" / ", depth)
			continue
		case p.word("%"):
			p.divide(" % ", depth)
			continue
		default:
			return
		}
		p.unary(depth)
	}
}

// divide reads a divisor. What is divided by 0 is null.
func (p *expressionParser) divide(sign string, depth int) {
	p.write(sign + "nullIf(")
	p.unary(depth)
	p.write(", 0)")
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
		p.call(t.text, depth)
		return
	}
	it, err := parseItem(t.text)
	if err != nil {
		p.err = err
		return
	}
	p.out = append(p.out, piece{ref: &reference{item: it}})
}

// call reads the arguments of a function.
func (p *expressionParser) call(name string, depth int) {
	f, ok := functions[strings.ToLower(name)]
	if !ok {
		p.err = wrong(spelling.Suggest(strings.ToLower(name), sorted(functions)), "conditions cannot call %s", excerpt(name))
		return
	}
	p.write(f.sql + "(")
	n := 0
	if !p.word(")") {
		n = p.list(depth + 1)
	}
	p.write(")")
	if p.err != nil || n >= f.least && n <= f.most {
		return
	}
	takes := fmt.Sprint(f.least)
	if f.most > f.least {
		takes += fmt.Sprintf(" to %d", f.most)
	}
	p.err = wrong("", "%s has %d arguments, and takes %s", name, n, takes)
}
