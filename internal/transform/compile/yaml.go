package compile

import (
	"context"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// YAML renders the Jinja within a project's YAML files: var, env_var and
// target may stand there, the tests of properties besides. Hand it to
// project.Load as project.Options.Render.
func (o Options) YAML() project.Render {
	return func(source string, at project.Scope) (any, error) {
		t, err := jinja.Parse(at.Place.File, source)
		if err != nil {
			return nil, yamlError(err)
		}
		s := &yamlScope{options: o, at: at}
		v, err := t.RenderNative(context.Background(), s, jinja.Options{})
		if err != nil {
			return nil, yamlError(err)
		}
		return toGo(v), nil
	}
}

// yamlError leaves out the place within the string: the caller knows where the
// string stands.
func yamlError(err error) error {
	p := problemOf(err, "")
	p.Place = project.Place{}
	return p
}

// yamlScope is what a string of a YAML file sees.
type yamlScope struct {
	options Options
	at      project.Scope
}

// Lookup finds a name.
func (y *yamlScope) Lookup(name string) (jinja.Value, bool) {
	s := &scope{environment: &environment{options: y.options}}
	switch name {
	case "var":
		return function(name, y.variable), true
	case "env_var":
		return function(name, s.envVar), true
	case "target", "env":
		return s.target(), true
	case "dbt_version", "run_started_at", "invocation_id":
		return s.facts(name), true
	case "project_name":
		return jinja.Str(y.at.Package), true
	case "flags":
		return s.flags(), true
	case "log", "print":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str(""), nil }), true
	}
	return nil, false
}

// Names lists what may be named, for hints.
func (y *yamlScope) Names() []string {
	return strings.Fields("var env_var target dbt_version run_started_at invocation_id project_name flags")
}

func (y *yamlScope) variable(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "var", "var_name", "default")
	if err != nil {
		return nil, err
	}
	name, _ := text(a[0])
	vars := y.options.varsOver(y.at.Vars)
	if v, ok := vars[name]; ok {
		return toValue(v), nil
	}
	if a[1] != nil {
		return a[1], nil
	}
	help := hint(name, keysOf(vars))
	if help == "" {
		help = "give it with --vars, or a default: var('" + name + "', …)"
	}
	return nil, failure(help, "required var '%s' not found in config", name)
}
