// Package console writes for people and for scripts: tables, JSON, CSV and
// Markdown on standard output, progress and notices on standard error.
package console

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// Console is where a command writes. Data goes to Out and nothing else does;
// progress, notices and errors go to Err.
type Console struct {
	Out, Err io.Writer
	// Live says that Err is a terminal which may redraw its last line.
	Live bool
	// Color says that Out and Err may carry colours.
	Color bool
	// Width is the terminal's width in columns, 0 where Out is no terminal.
	Width int
	// Quiet suppresses progress and notices; errors still appear.
	Quiet bool

	mu   sync.Mutex
	line string // what stands on the live line now
}

// New looks at the two files and the environment: colours only on a terminal
// and without NO_COLOR, a live line only on a terminal and outside CI.
func New(out, err *os.File, env func(string) (string, bool)) *Console {
	c := &Console{Out: out, Err: err}
	_, noColor := env("NO_COLOR")
	kind, _ := env("TERM")
	_, ci := env("CI")
	outTerminal, errTerminal := term.IsTerminal(int(out.Fd())), term.IsTerminal(int(err.Fd()))
	c.Live = errTerminal && kind != "dumb" && !ci
	c.Color = outTerminal && errTerminal && kind != "dumb" && !noColor
	if outTerminal {
		if width, _, sizeErr := term.GetSize(int(out.Fd())); sizeErr == nil {
			c.Width = width
		}
	}
	return c
}

// Notice prints one line on Err, above the live line when there is one.
func (c *Console) Notice(format string, args ...any) {
	if c.Quiet {
		return
	}
	c.Print(format, args...)
}

// Print prints one line on Err even when quiet: for errors and summaries.
func (c *Console) Print(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	fmt.Fprintf(c.Err, format+"\n", args...)
	c.redraw()
}

func (c *Console) clear() {
	if c.line != "" {
		fmt.Fprint(c.Err, "\r\x1b[K")
	}
}

func (c *Console) redraw() {
	if c.line != "" {
		fmt.Fprint(c.Err, c.line)
	}
}

// setLine shows text as the live line; "" removes it.
func (c *Console) setLine(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	c.line = text
	c.redraw()
}
