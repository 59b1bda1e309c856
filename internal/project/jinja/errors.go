package jinja

import (
	"fmt"
	"strings"
)

// Place is a position in a template's source. Line and Column count from 1,
// Column in code points.
type Place struct {
	File   string
	Line   int
	Column int
}

// String is file:line:column.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Frame is one running macro.
type Frame struct {
	Macro      string // its name
	Defined    Place  // its opening tag
	CalledFrom Place
}

// Error is a template that could not be parsed or rendered.
type Error struct {
	File    string
	Line    int
	Column  int
	Kind    ErrorKind
	Message string
	Hint    string  // what to do about it; "" when there is nothing to say
	Chain   []Frame // the macros being run, the innermost first
	Cause   error   // the error of a Go function, nil otherwise
}

// ErrorKind is Jinja2's or Python's class of the error.
type ErrorKind string

// The kinds of error.
const (
	SyntaxError    ErrorKind = "TemplateSyntaxError"
	UndefinedError ErrorKind = "UndefinedError"
	TypeError      ErrorKind = "TypeError"
	ValueError     ErrorKind = "ValueError"
	RuntimeError   ErrorKind = "TemplateRuntimeError"
	LimitError     ErrorKind = "LimitError"
	FunctionError  ErrorKind = "FunctionError" // a Go function failed; see Cause
	CancelledError ErrorKind = "CancelledError"
)

// Place is where the error is.
func (e *Error) Place() Place { return Place{e.File, e.Line, e.Column} }

// Unwrap gives the error of the Go function that failed.
func (e *Error) Unwrap() error { return e.Cause }

// Error is one line with the place, then hint and macro chain on lines of their own.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Place(), e.Message)
	if e.Hint != "" {
		b.WriteString("\n  ")
		b.WriteString(e.Hint)
	}
	for _, f := range e.Chain {
		fmt.Fprintf(&b, "\n  in macro %s (%s), called from %s", f.Macro, f.Defined, f.CalledFrom)
	}
	return b.String()
}
