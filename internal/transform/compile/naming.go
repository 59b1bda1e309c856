package compile

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// naming says which of the macros that name relations a project has changed;
// those of tiendi itself are computed without Jinja.
type naming struct {
	schema, alias bool // true: run the macro
}

func (e *environment) naming(pkg string) naming {
	changed := func(name string) bool {
		for _, full := range []string{name, "clickhouse__" + name, "default__" + name} {
			if m := e.macros.find(pkg, full); m != nil && !builtinPackage(m.Package) {
				return true
			}
		}
		return len(e.macros.dispatch[corePackage]) > 0
	}
	return naming{schema: changed("generate_schema_name"), alias: changed("generate_alias_name")}
}

// locate finds where a node is built, by the macros generate_schema_name and
// generate_alias_name.
func (p *parser) locate(ctx context.Context, n *project.Node, rec *recording) {
	custom := n.Config.Schema
	if n.Kind == project.Test && custom == "" {
		custom = "dbt_test__audit"
	}
	schema, err := p.schemaOf(ctx, n, custom)
	if err != nil {
		rec.problems = append(rec.problems, problemOf(err, "the schema of "+n.Name))
		return
	}
	alias, err := p.aliasOf(ctx, n)
	if err != nil {
		rec.problems = append(rec.problems, problemOf(err, "the alias of "+n.Name))
		return
	}
	n.Relation = project.Relation{Schema: schema, Identifier: alias}
}

func (p *parser) schemaOf(ctx context.Context, n *project.Node, custom string) (string, error) {
	if p.namings[n.Package].schema {
		return p.runNaming(ctx, n, "generate_schema_name", custom)
	}
	if custom == "" {
		return p.options.Target.Schema, nil
	}
	return p.options.Target.Schema + "_" + strings.TrimSpace(custom), nil
}

func (p *parser) aliasOf(ctx context.Context, n *project.Node) (string, error) {
	if !p.namings[n.Package].alias {
		switch {
		case n.Config.Alias != "":
			return strings.TrimSpace(n.Config.Alias), nil
		case n.Version != "":
			return n.Name + "_v" + strings.ReplaceAll(n.Version, ".", "_"), nil
		}
		return n.Name, nil
	}
	return p.runNaming(ctx, n, "generate_alias_name", n.Config.Alias)
}

func (p *parser) runNaming(ctx context.Context, n *project.Node, macro, custom string) (string, error) {
	m := p.macros.find(n.Package, macro)
	s := p.environment.scope(ctx, n, n.Package)
	s.parsing = &recording{}
	value, err := m.def.Bind(s).Run(ctx, jinja.Options{}, []jinja.Value{optional(custom), p.namingNode(n)}, nil)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(plainText(value))
	if name == "" || value == jinja.None {
		return "", fmt.Errorf("the macro %s (%s) gave no name", macro, m.Place)
	}
	return name, nil
}

// namingNode is the node as the naming macros get it.
func (p *parser) namingNode(n *project.Node) jinja.Value {
	return &nodeValue{scope: &scope{environment: p.environment}, node: n}
}
