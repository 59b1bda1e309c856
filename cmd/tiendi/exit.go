package main

import (
	"context"
	"errors"
)

// Exit codes, as dbt has them.
const (
	exitOK     = 0
	exitFailed = 1 // it ran, and something in it failed: a node, a test, too many rejected rows
	exitUsage  = 2 // it could not run
	exitSignal = 130
)

// failedError marks a run that came to its end with failures inside, which
// have been printed already where quiet is true.
type failedError struct {
	err   error
	quiet bool
}

func (e *failedError) Error() string { return e.err.Error() }
func (e *failedError) Unwrap() error { return e.err }

// exitCode is the one place that turns an error into an exit code.
func exitCode(err error) int {
	var failed *failedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &failed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		return exitSignal
	}
	return exitUsage
}
