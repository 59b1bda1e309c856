package jinja

import (
	"context"
	"time"
)

// state is what one render shares between all its frames.
type state struct {
	ctx    context.Context
	opts   Options
	limits Limits
	buf    []byte // the output; what a macro prints stands at its end
	steps  int
	look   int // the step at which to look at the context again
	depth  int
	top    *running
	scope  Scope
	native *nativeOutput
	lib    *library
}

// running is one macro being run.
type running struct {
	def  *macroDef
	tmpl *Template
	from lazyPlace
	up   *running
}

func newState(ctx context.Context, opts Options, scope Scope) *state {
	st := &state{ctx: ctx, opts: opts, limits: opts.Limits.withDefaults(), scope: scope, lib: stdlib}
	if st.opts.Now == nil {
		st.opts.Now = time.Now
	}
	return st
}

// step counts one unit of work and looks at the context now and then.
func (st *state) step() error {
	st.steps++
	if st.steps >= st.look {
		st.look = st.steps + lookEvery
		if err := st.ctx.Err(); err != nil {
			return &raised{CancelledError, "rendering was cancelled: " + err.Error(), ""}
		}
	}
	if st.steps > st.limits.Steps {
		return limitError("steps", st.limits.Steps, "the work of this template", "shorten its loops, or let a query do the work")
	}
	return nil
}

// lookEvery is how many steps pass between two looks at the context.
const lookEvery = 1024

// charge counts work on size bytes of text or of 16-byte items, a step for each
// 256; the next step finds out whether it was too much.
func (st *state) charge(size int) { st.steps += size >> 8 }

func (st *state) deeper() error {
	if st.depth++; st.depth > st.limits.Depth {
		return limitError("levels", st.limits.Depth, "the depth of macros calling each other", "a macro probably calls itself without end")
	}
	return nil
}

// items checks the size of a collection before it is made.
func (st *state) items(n int) error {
	if n > st.limits.Items || n < 0 {
		return limitError("items", st.limits.Items, "a list, range or dict", "build less of it at once")
	}
	return nil
}

// bytes checks the size of a string before it is made.
func (st *state) bytes(n int) error {
	if n > st.limits.Output || n < 0 {
		return limitError("bytes", st.limits.Output, "the text made by this template", "make it print less, or split it")
	}
	return nil
}

// write appends to the output.
func (st *state) write(s string) error {
	if len(st.buf)+len(s) > st.limits.Output {
		return st.bytes(len(st.buf) + len(s))
	}
	st.buf = append(st.buf, s...)
	return nil
}

// take cuts off the output from mark on.
func (st *state) take(mark int) string {
	s := string(st.buf[mark:])
	st.buf = st.buf[:mark]
	return s
}

func (st *state) chain() []Frame {
	var frames []Frame
	for r := st.top; r != nil && len(frames) < maxChain; r = r.up {
		frames = append(frames, Frame{r.def.name, r.tmpl.place(r.def.pos), r.from.get()})
	}
	return frames
}

// maxChain bounds the macros that an error lists.
const maxChain = 30

func (st *state) locate(p Place, e *Error) *Error {
	e.File, e.Line, e.Column, e.Chain = p.File, p.Line, p.Column, st.chain()
	return e
}
