package compile

import (
	"context"
	"fmt"
	"sync"

	"github.com/tiendi/tiendi/internal/project"
)

// ephemeral is an ephemeral model's select, compiled once.
type ephemeral struct {
	once  sync.Once
	sql   string
	needs []string // ephemeral models that it reads itself
	err   error
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
