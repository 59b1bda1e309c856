package compile

import (
	"context"
	"fmt"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

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
