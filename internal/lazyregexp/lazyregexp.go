// Package lazyregexp compiles regular expressions when they are first used. A command
// that starts in a few milliseconds uses hardly any of them, and compiling them all
// takes one.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New gives the expression, compiled with the first call. Text that is none panics then.
func New(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
