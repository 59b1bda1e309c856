package profile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Of Jinja a profile needs env_var, with a standard value and dbt's filters
// for types; more would have to come from packages that read profiles
// themselves.
var (
	expression = lazyregexp.New(`\{\{(.*?)\}\}`)
	envCall    = lazyregexp.New(`^\s*env_var\(\s*(?:'([^']*)'|"([^"]*)")\s*(?:,\s*(?:default\s*=\s*)?(?:'([^']*)'|"([^"]*)"|(\S+?))\s*)?\)\s*(?:\|\s*(int|as_number|as_bool|as_native|as_text|string)\s*)?$`)
)

// render puts environment variables into a string. One expression alone keeps
// the type that its filter asks for.
func (r *reader) render(text string) (any, error) {
	if !strings.Contains(text, "{{") && !strings.Contains(text, "{%") {
		return text, nil
	}
	if m := expression().FindStringSubmatchIndex(text); m != nil && m[0] == 0 && m[1] == len(text) {
		return r.envVar(text[m[2]:m[3]])
	}
	var failed error
	out := expression().ReplaceAllStringFunc(text, func(one string) string {
		v, err := r.envVar(one[2 : len(one)-2])
		if err != nil && failed == nil {
			failed = err
		}
		return fmt.Sprint(v)
	})
	if failed == nil && strings.Contains(text, "{%") {
		failed = fmt.Errorf("holds a Jinja statement; profiles may use {{ env_var('NAME') }} only")
	}
	return out, failed
}

// envVar gives the value of one expression.
func (r *reader) envVar(inner string) (any, error) {
	m := envCall().FindStringSubmatchIndex(inner)
	if m == nil {
		return nil, fmt.Errorf("holds Jinja that is not understood here: {{%s}}\n  profiles may use {{ env_var('NAME') }} and {{ env_var('NAME', 'standard') }}", inner)
	}
	group := func(i int) (string, bool) {
		if m[2*i] < 0 {
			return "", false
		}
		return inner[m[2*i]:m[2*i+1]], true
	}
	name, ok := group(1)
	if !ok {
		name, _ = group(2)
	}
	value, found := r.env(name)
	for i := 3; i <= 5 && !found; i++ {
		value, found = group(i)
	}
	if !found {
		return nil, fmt.Errorf("needs the environment variable %s, which is not set\n  set it, or give a standard value: {{ env_var('%s', '…') }}", name, name)
	}
	filter, _ := group(6)
	return typed(value, filter), nil
}

// typed applies one of dbt's filters; text that is no such value stays text.
func typed(text, filter string) any {
	switch filter {
	case "int", "as_number", "as_native":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
		if f, err := strconv.ParseFloat(text, 64); err == nil && filter != "int" {
			return f
		}
	}
	if filter == "as_bool" || filter == "as_native" {
		if on, err := strconv.ParseBool(strings.ToLower(text)); err == nil {
			return on
		}
	}
	return text
}

// environment lays TIENDI_… variables over the settings.
func (r *reader) environment(s *Settings) {
	for _, k := range keys {
		text, ok := r.env(k.variable())
		if !ok || text == "" {
			continue
		}
		if err := k.set(s, value{v: text, dir: "."}); err != nil {
			r.problems = append(r.problems, fmt.Errorf("environment variable %s: %w", k.variable(), err))
			continue
		}
		r.given[k.path] = true
	}
}
