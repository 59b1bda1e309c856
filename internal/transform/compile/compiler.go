package compile

import (
	"context"
	"fmt"
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

// ephemeral is an ephemeral model's select, compiled once.
type ephemeral struct {
	once  sync.Once
	sql   string
	needs []string // ephemeral models that it reads itself
	err   error
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
	if run.batch != nil && !run.batch.Fresh {
		s.extra = batchMembers(n)
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

// ctes compiles the ephemeral models that are needed, each behind those that
// it reads, and none twice.
func (c *Compiler) ctes(ctx context.Context, needed []string) ([]cte, error) {
	var out []cte
	seen := map[string]bool{}
	var visit func(ids []string) error
	visit = func(ids []string) error {
		for _, id := range ids {
			if seen[id] {
				continue
			}
			seen[id] = true
			n := c.manifest.Nodes[id]
			e := c.compileEphemeral(ctx, n)
			if e.err != nil {
				return fmt.Errorf("ephemeral model %s: %w", n.Name, e.err)
			}
			if err := visit(e.needs); err != nil {
				return err
			}
			out = append(out, cte{id: id, name: ephemeralName(n), sql: e.sql})
		}
		return nil
	}
	return out, visit(needed)
}

func (c *Compiler) compileEphemeral(ctx context.Context, n *project.Node) *ephemeral {
	found, _ := c.ephemeral.LoadOrStore(n.UniqueID, &ephemeral{})
	e := found.(*ephemeral)
	e.once.Do(func() {
		run := &running{compiler: c}
		e.sql, e.err = c.body(ctx, n, run)
		e.needs = run.ctes
	})
	return e
}

// Render renders a piece of Jinja that belongs to n (a hook, a config value);
// what names it in errors: "post-hook 2". n may be nil: a piece of the project.
func (c *Compiler) Render(ctx context.Context, n *project.Node, template, what string) (string, error) {
	return c.RenderWith(ctx, n, template, what, nil)
}

// RenderWith is Render with more names: on-run-end's results, schemas and
// database_schemas. Their values are plain Go values.
func (c *Compiler) RenderWith(ctx context.Context, n *project.Node, template, what string, names map[string]any) (string, error) {
	env := c.env
	s := env.scope(ctx, n, env.project.Root().Name)
	if n != nil {
		s.pkg = n.Package
	}
	s.run = &running{compiler: c, loose: true}
	if len(names) > 0 {
		s.extra = make(map[string]jinja.Value, len(names))
		for name, v := range names {
			s.extra[name] = toValue(v)
		}
	}
	if !hasJinja(template) {
		return template, nil
	}
	out, err := s.renderString(what, template)
	if err == nil && len(s.run.ctes) > 0 {
		err = fmt.Errorf("%s reads the ephemeral model %s, which only a model can", what, s.run.ctes[0])
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// Inline renders a query written on the command line, with the ephemeral
// models it reads put in front of it.
func (c *Compiler) Inline(ctx context.Context, template string) (string, error) {
	env := c.env
	s := env.scope(ctx, nil, env.project.Root().Name)
	s.run = &running{compiler: c, loose: true}
	sql, err := s.renderString("inline query", template)
	if err != nil {
		return "", err
	}
	ctes, err := c.ctes(ctx, s.run.ctes)
	if err != nil {
		return "", err
	}
	return injectCTEs(sql, ctes), nil
}
