package run

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// hooked runs what builds the node between its hooks.
func (e *execution) hooked(ctx context.Context, build func(context.Context) error) error {
	if err := e.preHooks(ctx); err != nil {
		return err
	}
	if err := build(ctx); err != nil {
		return err
	}
	return e.hooks(ctx, "post-hook", e.node.Config.PostHook)
}

// preHooks runs the pre-hooks, once: a build may begin anew when the table
// came or went meanwhile.
func (e *execution) preHooks(ctx context.Context) error {
	if e.begun {
		return nil
	}
	e.begun = true
	return e.hooks(ctx, "pre-hook", e.node.Config.PreHook)
}

func (e *execution) hooks(ctx context.Context, what string, hooks []project.Hook) error {
	for i, h := range hooks {
		name := fmt.Sprintf("%s %d", what, i+1)
		sql, err := e.compiler.Render(ctx, e.node, h.SQL, name)
		if err != nil {
			return err
		}
		if strings.TrimSpace(sql) == "" {
			continue
		}
		if _, err := e.w.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s of %s: %w", name, e.node.Name, err)
		}
	}
	return nil
}

// later leaves for the end what no node has to wait for. Its order is kept: a
// view goes before the table that it writes to.
func (e *execution) later(do func()) { e.left = append(e.left, do) }

// release gives the node's table free: after a failure at once, since the
// build may begin anew.
func (e *execution) release(ctx context.Context, hold *materialize.Hold, err error) {
	e.later(func() { hold.Release(ctx) })
	if err != nil {
		e.finishUp()
	}
}

func (e *execution) finishUp() {
	for _, do := range e.left {
		do()
	}
	e.left = nil
}
