package compile

import (
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// varValue is var('name', default): --vars, then the package's vars.
type varValue struct{ scope *scope }

// Type is dbt's class.
func (*varValue) Type() string { return "Var" }

// Call looks a variable up.
func (v *varValue) Call(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "var", "var_name", "default")
	if err != nil {
		return nil, err
	}
	name, ok := text(a[0])
	if !ok {
		return nil, failure("write var('name')", "the name given to var is %s, not text", describe(a[0]))
	}
	value, ok := v.find(name)
	switch {
	case ok:
		return v.scope.rendered(value)
	case a[1] != nil:
		return a[1], nil
	case v.scope.parsing != nil:
		return jinja.None, nil
	}
	return nil, v.missing(name)
}

// Attr gives has_var.
func (v *varValue) Attr(name string) (jinja.Value, bool) {
	if name != "has_var" {
		return nil, false
	}
	return function("var.has_var", func(c *jinja.Call) (jinja.Value, error) {
		a, err := arguments(c, "var.has_var", "var_name")
		if err != nil {
			return nil, err
		}
		name, _ := text(a[0])
		_, ok := v.find(name)
		return jinja.Bool(ok), nil
	}), true
}

func (v *varValue) find(name string) (any, bool) {
	vars, ok := v.scope.vars[v.scope.pkg]
	if !ok {
		vars = v.scope.vars[v.scope.project.Root().Name]
	}
	value, ok := vars[name]
	return value, ok
}

func (v *varValue) missing(name string) error {
	known := make([]string, 0)
	for k := range v.scope.vars[v.scope.pkg] {
		known = append(known, k)
	}
	sort.Strings(known)
	help := hint(name, known)
	if help == "" {
		help = "set it under vars in dbt_project.yml, give --vars '{" + name + ": …}', or a default: var('" + name + "', …)"
	}
	return failure(help, "required var '%s' not found in config", name)
}

// rendered is a variable's value; text that holds Jinja is rendered when it is
// asked for, since dbt_project.yml leaves it as written.
func (s *scope) rendered(value any) (jinja.Value, error) {
	str, ok := value.(string)
	if !ok || !hasJinja(str) {
		return toValue(value), nil
	}
	out, err := s.renderString("var", str)
	if err != nil {
		return nil, err
	}
	return jinja.Str(out), nil
}

func hasJinja(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "{%") || strings.Contains(s, "{#")
}

// renderString renders a piece of text in this scope.
func (s *scope) renderString(name, source string) (string, error) {
	t, err := jinja.Parse(name, source)
	if err != nil {
		return "", err
	}
	return t.Render(s.ctx, s, s.renderOptions(s.parsing != nil))
}

// secretPrefix marks environment variables that no template of a project may
// read, so that no secret ends up in SQL or in an artifact.
const secretPrefix = "DBT_ENV_SECRET"

// envVar is env_var('NAME', default).
func (s *scope) envVar(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "env_var", "var", "default")
	if err != nil {
		return nil, err
	}
	name, ok := text(a[0])
	if !ok {
		return nil, failure("write env_var('NAME')", "the name given to env_var is %s, not text", describe(a[0]))
	}
	if strings.HasPrefix(name, secretPrefix) {
		return nil, failure("secrets are read in profiles.yml and packages.yml only", "the secret environment variable '%s' cannot be read here", name)
	}
	value, found := s.options.LookupEnv(name)
	if s.options.reads != nil && !s.executing() {
		s.options.reads.add(name, value, found)
	}
	switch {
	case found:
		return jinja.Str(value), nil
	case given(a[1]):
		return a[1], nil
	}
	return nil, failure("set it, or give a default: env_var('"+name+"', '…')", "the environment variable '%s' is required but not set", name)
}
