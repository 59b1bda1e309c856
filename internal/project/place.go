package project

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Place is where in the project something stands. File is relative to the
// project's root; Line and Column count from 1, 0 where unknown.
type Place struct {
	File         string
	Line, Column int
}

// String gives file:line:column, leaving out what is unknown.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing wrong with a project: where, what, and what to do.
type Problem struct {
	Place   Place
	Message string
	Hint    string // what to do next, or what is near; may be empty
}

func (p Problem) Error() string {
	text := p.Message
	if at := p.Place.String(); at != "" {
		text = at + ": " + text
	}
	if p.Hint != "" {
		text += "\n  " + p.Hint
	}
	return text
}

// Problems is all that is wrong with a project, so that one run reports all
// of it. It is an error when it is not empty.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is ps as an error in the order of places, each problem once; nil when
// there is none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i].Place, ps[j].Place
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return slices.Compact(ps)
}

// JoinProblems makes one error of several steps': their problems together, or
// the first error that is something else; nil when there is none.
func JoinProblems(errs ...error) error {
	var all Problems
	for _, err := range errs {
		var ps Problems
		if err != nil && !errors.As(err, &ps) {
			return err
		}
		all = append(all, ps...)
	}
	return all.Err()
}
