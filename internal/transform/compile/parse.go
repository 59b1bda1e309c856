package compile

import (
	"context"
	"fmt"
	"runtime"

	"github.com/tiendi/tiendi/internal/project"
)

// Parse finds out what every node of the project depends on, how it is
// configured and where it is built. The project must have been read. The error
// is project.Problems: all that is wrong, in one run. What an incomplete project
// may only seem to lack is not reported.
func Parse(ctx context.Context, o Options) (*Manifest, error) {
	o.Workers = o.workers()
	if o.LookupEnv == nil {
		o.LookupEnv = func(string) (string, bool) { return "", false }
	}
	env, problems := newEnvironment(o)
	p := &parser{environment: env, problems: problems}
	p.nodes(ctx)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("parse the project: %w", err)
	}
	m := p.manifest()
	p.resolve(m)
	p.checkPlaces(m)
	p.describe(m)
	p.problems = append(p.problems, lintMaterializedViews(m)...)
	if err := project.JoinProblems(p.problems.Err(), m.link()); err != nil {
		return nil, err
	}
	m.Warnings = append(m.Warnings, lintMicrobatches(m)...)
	return m, nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// parser is one run of Parse.
type parser struct {
	*environment
	records  []*recording // by node of the project
	problems project.Problems
}

func (p *parser) fail(at project.Place, hint, format string, args ...any) {
	p.problems = append(p.problems, project.Problem{Place: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// nodes renders every node that holds Jinja, in parallel.
func (p *parser) nodes(ctx context.Context) {
	nodes := p.project.Nodes
	p.records = make([]*recording, len(nodes))
	inParallel(p.options.Workers, len(nodes), func(i int) {
		if ctx.Err() == nil {
			p.records[i] = p.node(ctx, nodes[i])
		}
	})
	for _, r := range p.records {
		if r != nil {
			p.problems = append(p.problems, r.problems...)
		}
	}
}

// manifest sorts the nodes into those that count and those that are disabled.
func (p *parser) manifest() *Manifest {
	m := &Manifest{
		Project: p.project, Nodes: map[string]*project.Node{}, Sources: map[string]*project.Node{},
		Others: map[string]*project.Node{}, Macros: map[string]*Macro{}, Docs: p.docs,
		Warnings: append(project.Problems(nil), p.project.Warnings...), env: p.environment,
	}
	p.man = m
	var enabled []*project.Node
	for _, n := range p.project.Nodes {
		if n.Config.Enabled {
			enabled = append(enabled, n)
		} else {
			m.Disabled = append(m.Disabled, n)
		}
	}
	p.problems = append(p.problems, project.CheckNames(enabled)...)
	for _, n := range enabled {
		m.place(n)
	}
	for _, pkg := range p.macros.packages {
		for _, def := range pkg {
			m.Macros[def.UniqueID] = def.Macro
		}
	}
	p.lookup = newLookup(p.project.Root().Name, enabled, m.Disabled)
	return m
}

func (m *Manifest) place(n *project.Node) {
	switch n.Kind {
	case project.Source:
		m.Sources[n.UniqueID] = n
	case project.Model, project.Seed, project.Test, project.Analysis, project.Snapshot, project.Operation:
		m.Nodes[n.UniqueID] = n
	default:
		m.Others[n.UniqueID] = n
	}
}
