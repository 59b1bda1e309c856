package compile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// node parses one node: what it reads, its configuration and its place. The
// record is nil for nodes without Jinja.
func (p *parser) node(ctx context.Context, n *project.Node) *recording {
	switch n.Kind {
	case project.Seed:
		rec := &recording{}
		p.locate(ctx, n, rec)
		return rec
	case project.Model, project.Analysis, project.Snapshot, project.Test, project.Operation:
	default:
		return nil
	}
	rec := &recording{}
	if n.Kind == project.Test && n.Test.Generic != "" {
		p.genericTest(ctx, n, rec)
	} else {
		p.template(ctx, n, rec)
	}
	n.Refs, n.SourceRefs, n.Macros = rec.refs, rec.sources, rec.macros
	config, problems := project.ResolveConfig(p.project, n, rec.configs)
	n.Config = config
	rec.problems = append(rec.problems, problems...)
	if n.Config.Enabled {
		p.materialized(n, rec)
	}
	p.locate(ctx, n, rec)
	if n.Config.Enabled {
		p.hooks(ctx, n, rec)
	} else {
		rec.problems = nil // what is wrong in it matters when it is enabled
	}
	return rec
}

// hooks renders a node's hooks for what they read: it is built before.
func (p *parser) hooks(ctx context.Context, n *project.Node, rec *recording) {
	for i, hook := range slices.Concat(n.Config.PreHook, n.Config.PostHook) {
		if !hasJinja(hook.SQL) {
			continue
		}
		what := fmt.Sprintf("pre-hook %d", i+1)
		if after := i - len(n.Config.PreHook); after >= 0 {
			what = fmt.Sprintf("post-hook %d", after+1)
		}
		s := p.environment.scope(ctx, n, n.Package)
		s.parsing = rec
		if _, err := s.renderString(what, hook.SQL); err != nil {
			problem := problemOf(err, what+" of "+string(n.Kind)+" "+n.Name)
			problem.Place = n.Place
			rec.problems = append(rec.problems, problem)
		}
	}
	n.Refs, n.SourceRefs, n.Macros = rec.refs, rec.sources, rec.macros
}

// plainCalls are the calls that a template may consist of to be understood
// without rendering it.
var plainCalls = []string{"ref", "source", "config"}

// template renders a model, analysis or singular test for what it calls.
func (p *parser) template(ctx context.Context, n *project.Node, rec *recording) {
	if !strings.Contains(n.Raw, "{") {
		return
	}
	t, err := jinja.Parse(n.Place.File, n.Raw)
	if err != nil {
		rec.problems = append(rec.problems, problemOf(err, ""))
		return
	}
	if p.plainContext && t.OnlyCalls(plainCalls...) {
		if p.static(t, rec) {
			return
		}
		*rec = recording{}
	}
	s := p.environment.scope(ctx, n, n.Package)
	s.parsing = rec
	if _, err := t.Render(ctx, s, p.renderOptions(true)); err != nil {
		rec.problems = append(rec.problems, problemOf(err, ""))
		return
	}
	p.unknown(n, t, rec)
}

// static takes the calls of a template that consists of nothing else. False
// means that one of them is not as it should be: rendering will say why.
func (p *parser) static(t *jinja.Template, rec *recording) bool {
	for _, site := range t.Calls() {
		c := &jinja.Call{Args: site.Args, Kwargs: site.Kwargs}
		switch site.Name {
		case "ref":
			r, err := refOf(c)
			if err != nil {
				return false
			}
			r.Place = placeOf(site.Place)
			rec.refs = append(rec.refs, r)
		case "source":
			if len(c.Args) != 2 || len(c.Kwargs) > 0 {
				return false
			}
			source, ok1 := text(c.Args[0])
			table, ok2 := text(c.Args[1])
			if !ok1 || !ok2 {
				return false
			}
			rec.sources = append(rec.sources, project.SourceRef{Source: source, Table: table, Place: placeOf(site.Place)})
		default:
			v := &configValue{scope: &scope{parsing: rec}}
			if _, err := v.Call(c); err != nil {
				return false
			}
		}
	}
	return true
}

// unknown reports calls of names that nothing defines. Names that are only
// asked for (is defined) or stand in code that was not run are none.
func (p *parser) unknown(n *project.Node, t *jinja.Template, rec *recording) {
	if len(rec.unknown) == 0 {
		return
	}
	for _, site := range t.Calls() {
		if site.Definition != "" {
			continue
		}
		pkg, macro, dotted := strings.Cut(site.Name, ".")
		switch {
		case !dotted && rec.unknown[site.Name]:
			known := slices.Concat(p.macros.names(n.Package), memberNames, engineNames)
			rec.fail(site.Place, hint(site.Name, known), "there is no macro or function %s", site.Name)
		case dotted && rec.unknown[pkg]:
			help := hint(pkg, p.macros.names(n.Package))
			if help == "" {
				help = "if it is a package, add it to packages.yml and run tiendi deps"
			}
			rec.fail(site.Place, help, "there is no package or variable %s", pkg)
		case dotted && rec.unknown[site.Name]:
			rec.fail(site.Place, hint(macro, keysOf(p.macros.namespace(pkg))), "package %s has no macro %s", pkg, macro)
		}
	}
}

func (r *recording) fail(at jinja.Place, hint, format string, args ...any) {
	r.problems = append(r.problems, project.Problem{Place: placeOf(at), Message: fmt.Sprintf(format, args...), Hint: hint})
}

// builtinMaterializations are what tiendi builds.
var builtinMaterializations = []string{"view", "table", "incremental", "ephemeral", "materialized_view"}

// materialized refuses a model whose materialization nothing here builds.
func (p *parser) materialized(n *project.Node, rec *recording) {
	if n.Kind != project.Model {
		return
	}
	for _, name := range builtinMaterializations {
		if n.Config.Materialized == name {
			return
		}
	}
	problem := project.Problem{
		Place:   n.Place,
		Message: fmt.Sprintf("model %s: there is no materialization %q", n.Name, n.Config.Materialized),
		Hint:    "use one of " + strings.Join(builtinMaterializations, ", "),
	}
	for _, adapter := range []string{"clickhouse", "default"} {
		if m := p.macros.find(n.Package, "materialization_"+n.Config.Materialized+"_"+adapter); m != nil {
			problem.Message = fmt.Sprintf("model %s: the materialization %q is written in Jinja (%s), which tiendi does not run", n.Name, n.Config.Materialized, m.Place)
		}
	}
	if near := hint(n.Config.Materialized, builtinMaterializations); near != "" {
		problem.Hint = near + "\n  " + problem.Hint
	}
	rec.problems = append(rec.problems, problem)
}
