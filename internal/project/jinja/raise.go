package jinja

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/spelling"
)

// raised is an error that has no place yet.
type raised struct {
	kind ErrorKind
	msg  string
	hint string
}

func (e *raised) Error() string { return e.msg }

func raise(kind ErrorKind, format string, args ...any) error {
	return &raised{kind: kind, msg: fmt.Sprintf(format, args...)}
}

// Raise makes an error of a Go function that shall read like the engine's own.
func Raise(kind ErrorKind, message, hint string) error {
	return &raised{kind, message, hint}
}

// returned is dbt's return() on its way to the macro's caller.
type returned struct{ v Value }

func (e *returned) Error() string { return "return() outside a macro" }

// limitError says which bound was met and what to do about it.
func limitError(name string, value int, what, then string) error {
	return &raised{LimitError, fmt.Sprintf("%s exceeds the limit of %d %s", what, value, name), then}
}

// nearest suggests the candidate that name was most likely meant to be, "" for
// none.
func nearest(name string, candidates []string) string {
	near := spelling.Near(name, candidates)
	if near == "" {
		return ""
	}
	return "did you mean " + reprStr(near) + "?"
}

func nearestKey[V any](name string, m map[string]V) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	return nearest(name, keys)
}
