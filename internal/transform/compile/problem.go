package compile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
	"github.com/tiendi/tiendi/internal/spelling"
)

// problemOf turns an error of the template engine into a problem with its
// place; the macros on the way to it become part of the hint.
func problemOf(err error, what string) project.Problem {
	var e *jinja.Error
	if !errors.As(err, &e) {
		return project.Problem{Message: prefix(what, err.Error())}
	}
	hints := make([]string, 0, len(e.Chain)+1)
	if e.Hint != "" {
		hints = append(hints, e.Hint)
	}
	for _, f := range e.Chain {
		hints = append(hints, fmt.Sprintf("in macro %s (%s), called from %s", f.Macro, f.Defined, f.CalledFrom))
	}
	return project.Problem{
		Place:   placeOf(e.Place()),
		Message: prefix(what, e.Message),
		Hint:    strings.Join(hints, "\n  "),
	}
}

func prefix(what, text string) string {
	if what == "" {
		return text
	}
	return what + ": " + text
}

// hint is "did you mean …" for a name, "" when none is near.
func hint(name string, known []string) string {
	if near := spelling.Near(name, known); near != "" && near != name {
		return "did you mean " + near + "?"
	}
	return ""
}

// failure is an error of the context's functions: what and what to do.
func failure(hint, format string, args ...any) error {
	return jinja.Raise(jinja.RuntimeError, fmt.Sprintf(format, args...), hint)
}
