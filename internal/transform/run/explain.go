package run

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// nodeError is a node's error in words that say where to look.
type nodeError struct {
	text string
	err  error
}

func (e *nodeError) Error() string { return e.text }
func (e *nodeError) Unwrap() error { return e.err }

// fail settles a result whose node was not built.
func (r *Result) fail(err error) {
	r.Status, r.Err, r.Message = Error, err, err.Error()
}

// explain words a node's error: what the warehouse said, in which file, and
// where the compiled text that it means stands.
func (e *execution) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &nodeError{text: "cancelled", err: err}
	}
	var answer *warehouse.Error
	if !errors.As(err, &answer) || e.result.CompiledPath == "" {
		return err
	}
	text, compiled := err.Error(), filepath.Join(filepath.Base(e.TargetDir), e.result.CompiledPath)
	if sent, col, ok := answer.Position(); ok {
		if line := e.compiledLine(err, sent); line > 0 {
			compiled = fmt.Sprintf("%s:%d:%d", compiled, line, col)
			// The message counts the lines of the statement around the model, too.
			text = strings.Replace(text, fmt.Sprintf("(line %d, col %d)", sent, col), fmt.Sprintf("(line %d, col %d)", line, col), 1)
		}
	}
	return &nodeError{text: fmt.Sprintf("%s\n  compiled to %s", text, compiled), err: err}
}

// compiledLine takes a line of a statement to the line of the compiled SQL
// that was put into it; 0 where it lies outside.
func (e *execution) compiledLine(err error, line int) int {
	var step *materialize.StepError
	if !errors.As(err, &step) {
		return line
	}
	before, _, found := strings.Cut(step.Step.SQL, e.result.CompiledSQL)
	if !found {
		return 0
	}
	line -= strings.Count(before, "\n")
	if line < 1 || line > 1+strings.Count(e.result.CompiledSQL, "\n") {
		return 0
	}
	return line
}
