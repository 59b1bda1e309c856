package compile

import (
	"context"
	"sync"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// Compiler renders nodes for running. It is safe for concurrent use.
type Compiler struct {
	manifest  *Manifest
	env       *environment
	warehouse Warehouse
	templates sync.Map // unique id → *jinja.Template: microbatches compile a file often
	ephemeral sync.Map // unique id → *ephemeral
}

// Compiler gives a compiler over m. Without a warehouse (nil) a template that
// asks one fails with an error that says so.
func (m *Manifest) Compiler(w Warehouse) *Compiler {
	env := m.env
	if m.lazy {
		env = m.completed()
	}
	return &Compiler{manifest: m, env: env, warehouse: w}
}

// completed is the environment of a manifest that was restored. The macros
// were sound when it was saved.
func (m *Manifest) completed() *environment {
	env, _ := newEnvironment(m.env.options)
	env.man, env.docs = m, m.Docs
	env.lookup = newLookup(m.Project.Root().Name, m.Project.Nodes, m.Disabled)
	return env
}

// Compile renders a node with execute=true. b is the slice of a microbatch
// model, nil otherwise. Errors are project.Problems.
func (c *Compiler) Compile(ctx context.Context, n *project.Node, b *Batch) (Compiled, error) {
	run := &running{compiler: c, batch: b}
	sql, err := c.body(ctx, n, run)
	if err != nil {
		return Compiled{}, compileError(n, err)
	}
	out := Compiled{Path: compiledPath(n, b)}
	ctes, err := c.ctes(ctx, run.ctes)
	if err != nil {
		return Compiled{}, compileError(n, err)
	}
	out.SQL = injectCTEs(sql, ctes)
	for _, one := range ctes {
		out.ExtraCTEs = append(out.ExtraCTEs, one.id)
	}
	return out, nil
}

func compileError(n *project.Node, err error) error {
	problem := problemOf(err, "")
	if problem.Place.File == "" {
		problem.Place = n.Place
	}
	return &Error{Node: n.UniqueID, Problem: problem, err: err}
}

// Error is a node that cannot be compiled.
type Error struct {
	Node    string // unique id
	Problem project.Problem
	err     error
}

func (e *Error) Error() string { return e.Problem.Error() }

// Unwrap gives the cause, a *warehouse.Error when a query of a template failed.
func (e *Error) Unwrap() error { return e.err }

// body renders a node without the ephemeral models that it reads.
func (c *Compiler) body(ctx context.Context, n *project.Node, run *running) (string, error) {
	env := c.env
	s := env.scope(ctx, n, n.Package)
	s.run = run
	if run.batch != nil {
		s.extra = batchMembers(n, run.batch)
	}
	if n.Kind == project.Test && n.Test.Generic != "" {
		if err := env.testArguments(s, n); err != nil {
			return "", err
		}
	}
	t, err := c.template(n)
	if err != nil {
		return "", err
	}
	return t.Render(ctx, s, env.renderOptions(false))
}

func (c *Compiler) template(n *project.Node) (*jinja.Template, error) {
	if t, ok := c.templates.Load(n.UniqueID); ok {
		return t.(*jinja.Template), nil
	}
	t, err := jinja.Parse(n.Place.File, n.Raw)
	if err != nil {
		return nil, err
	}
	c.templates.Store(n.UniqueID, t)
	return t, nil
}
