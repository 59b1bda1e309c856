package jinja

// expr is a node that has a value.
type expr interface {
	eval(f *frame) (Value, error)
	resolve(r *resolver)
}

// stmt is a node that prints or acts.
type stmt interface {
	exec(f *frame) (control, error)
	resolve(r *resolver)
}

// control says how a statement ended.
type control uint8

const (
	goOn control = iota
	breakLoop
	continueLoop
)

type constExpr struct{ v Value }

type nameExpr struct {
	pos  int32
	up   int32 // functions between this one and the one that holds the variable
	name string
	sym  *symbol
}

type attrExpr struct {
	pos  int32
	x    expr
	name string
}

type itemExpr struct {
	pos    int32
	x, key expr
}

type sliceExpr struct{ lo, hi, step expr }

// arguments of a call, filter or test.
type arguments struct {
	args          []expr
	kwargs        []kwargExpr
	star, dblStar expr
}

type kwargExpr struct {
	name string
	x    expr
}

type callExpr struct {
	pos int32
	fn  expr
	arguments
}

type filterExpr struct {
	pos  int32
	name string
	x    expr // nil in filter blocks and set blocks: the block's text
	fn   *builtin
	arguments
}

type testExpr struct {
	pos  int32
	name string
	x    expr
	fn   *builtin
	not  bool
	arguments
}

type condExpr struct {
	pos           int32
	test, yes, no expr
}

type logicExpr struct {
	or          bool
	left, right expr
}

type notExpr struct{ x expr }

type binaryExpr struct {
	pos         int32
	op          tokenKind
	left, right expr
}

type unaryExpr struct {
	pos int32
	op  tokenKind
	x   expr
}

type compareOp uint8

const (
	opEq compareOp = iota
	opNe
	opLt
	opLe
	opGt
	opGe
	opIn
	opNotIn
)

type compareExpr struct {
	pos   int32
	first expr
	ops   []compareOp
	rest  []expr
}

type concatExpr struct {
	pos   int32
	parts []expr
}

type listExpr struct{ items []expr }

type tupleExpr struct {
	pos   int32
	items []expr
}

type dictExpr struct {
	pos        int32
	keys, vals []expr
}
