package jinja

type dataStmt struct{ text string }

type printStmt struct {
	pos int32
	x   expr
}

// target is what a set, for or with statement assigns to: a name, ns.attr, or
// a tuple of targets.
type target struct {
	pos   int32
	name  *nameExpr
	attr  string // ns.attr when not ""
	items []target
}

type setStmt struct {
	pos int32
	to  target
	x   expr
}

type setBlockStmt struct {
	pos    int32
	to     target
	filter *filterExpr
	body   []stmt
	entry  entry
}

type ifStmt struct {
	test   expr
	body   []stmt
	orElse []stmt
}

type forStmt struct {
	pos       int32
	to        target
	iter      expr
	test      expr
	body      []stmt
	orElse    []stmt
	recursive bool
	usesLoop  bool
	loop      *symbol
	entry     entry
	elseEntry entry
	testTo    target // the same names, in the scope of the test
	testEntry entry
	fn        *function // of a recursive loop
}

type withStmt struct {
	targets []target
	values  []expr
	body    []stmt
	entry   entry
	pos     int32
}

type macroStmt struct {
	def  *macroDef
	name nameExpr
}

type callBlockStmt struct {
	pos  int32
	def  *macroDef
	call *callExpr
}

type filterBlockStmt struct {
	pos    int32
	filter *filterExpr
	body   []stmt
	entry  entry
}

type doStmt struct {
	pos int32
	x   expr
}

type jumpStmt struct{ to control }

type blockStmt struct {
	body  []stmt
	entry entry
}

// macroDef is the code of a macro or of a call block.
type macroDef struct {
	name                                string
	pos, end                            int32 // of the whole block
	bodyPos                             int32 // between the tags
	bodyEnd                             int32
	params                              []param
	body                                []stmt
	info                                *Definition // nil for call blocks
	fn                                  *function
	caller                              *symbol
	varargs                             *symbol
	kwargs                              *symbol
	usesCaller, usesVarargs, usesKwargs bool
}

type param struct {
	name       *nameExpr
	annotation string
	def        expr
}
