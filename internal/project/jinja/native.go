package jinja

import "strings"

// nativeOutput collects what a native render puts out, piece by piece.
type nativeOutput struct {
	first  Value
	pieces int
}

func (n *nativeOutput) text(s string) { n.value(Str(s)) }

// print notes the value of a print tag. Jinja2 makes text of what it can
// compute while compiling: {{ 1 }} is '1', {{ x }} is whatever x is.
func (n *nativeOutput) print(x expr, v Value) {
	if _, marked := v.(nativeText); !marked && foldable(x) {
		if s, err := String(v); err == nil {
			v = Str(s)
		}
	}
	n.value(v)
}

func (n *nativeOutput) value(v Value) {
	if n.pieces++; n.pieces == 1 {
		n.first = v
	}
}

// nativeText is a str that passed through as_bool, as_number or as_native.
type nativeText struct {
	Str
	as string
}

// result is the one piece as it is, or all of them as text.
func (n *nativeOutput) result(st *state) (Value, error) {
	switch {
	case n.pieces == 0:
		return Str(""), nil
	case n.pieces > 1:
		return Str(st.buf), nil
	}
	marked, ok := n.first.(nativeText)
	if !ok {
		return n.first, nil
	}
	v := nativeLiteral(string(marked.Str))
	if _, isBool := v.(Bool); marked.as == "bool" && !isBool || marked.as == "number" && (isBool || !isNumber(v)) {
		return nil, raise(ValueError, "Could not convert value %s into type %s", reprStr(string(marked.Str)), reprStr(marked.as))
	}
	return v, nil
}

// nativeLiteral reads a Python literal; other text stays text.
func nativeLiteral(s string) Value {
	text := strings.TrimSpace(s)
	switch text {
	case "true", "false", "none": // names to Python, literals only to Jinja2
		return Str(s)
	}
	p := newParser(text)
	p.lex.mode = lexVar
	if err := p.advance(); err != nil {
		return Str(s)
	}
	x, err := p.expression(false)
	if err != nil || p.cur.kind != tokEOF {
		return Str(s)
	}
	if v, ok := literal(x); ok {
		return v
	}
	return Str(s)
}

// foldable says whether an expression depends on no name and no call.
func foldable(x expr) bool {
	switch x := x.(type) {
	case *constExpr:
		return true
	case *listExpr:
		return allFoldable(x.items...)
	case *tupleExpr:
		return allFoldable(x.items...)
	case *dictExpr:
		return allFoldable(x.keys...) && allFoldable(x.vals...)
	case *unaryExpr:
		return foldable(x.x)
	case *notExpr:
		return foldable(x.x)
	case *binaryExpr:
		return allFoldable(x.left, x.right)
	case *logicExpr:
		return allFoldable(x.left, x.right)
	case *compareExpr:
		return foldable(x.first) && allFoldable(x.rest...)
	case *concatExpr:
		return allFoldable(x.parts...)
	case *condExpr:
		return allFoldable(x.test, x.yes) && x.no != nil && foldable(x.no)
	case *itemExpr:
		return allFoldable(x.x, x.key)
	case *testExpr:
		return foldable(x.x) && allFoldable(x.args...) && len(x.kwargs) == 0
	case *filterExpr:
		return foldable(x.x) && allFoldable(x.args...) && len(x.kwargs) == 0 && x.fn != nil && x.fn.raw == nil
	}
	return false
}

func allFoldable(list ...expr) bool {
	for _, x := range list {
		if !foldable(x) {
			return false
		}
	}
	return true
}
