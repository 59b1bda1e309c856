package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// log is log(message, info=false).
func (s *scope) log(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "log", "msg", "info")
	if err != nil {
		return nil, err
	}
	if l := s.options.Logger; l != nil {
		message := plainText(a[0])
		if a[1] == jinja.Bool(true) {
			l.InfoContext(s.ctx, message, "node", s.id())
		} else {
			l.DebugContext(s.ctx, message, "node", s.id())
		}
	}
	return jinja.Str(""), nil
}

// print is print(message), for a person who runs the command.
func (s *scope) print(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "print", "msg")
	if err != nil {
		return nil, err
	}
	if s.options.Print != nil {
		s.options.Print(plainText(a[0]))
	}
	return jinja.Str(""), nil
}

func (s *scope) id() string {
	if s.node == nil {
		return ""
	}
	return s.node.UniqueID
}

// exceptions is what templates raise.
func (s *scope) exceptions() jinja.Value {
	return &attributes{kind: "dict", show: "exceptions", get: func(name string) jinja.Value {
		switch {
		case name == "warn":
			return function("exceptions.warn", s.warn)
		case name == "raise_contract_error":
			return function("exceptions."+name, func(*jinja.Call) (jinja.Value, error) {
				return nil, failure("", "the columns of the contract are not those of the query")
			})
		case strings.HasPrefix(name, "raise_"), strings.HasPrefix(name, "missing_"), strings.HasPrefix(name, "relation_"),
			name == "column_type_missing":
			return function("exceptions."+name, raise)
		}
		return nil
	}}
}

// raise ends the render with the message that it is given.
func raise(c *jinja.Call) (jinja.Value, error) {
	parts := make([]string, 0, len(c.Args))
	for _, a := range c.Args {
		if s, ok := text(a); ok {
			parts = append(parts, s)
		}
	}
	for _, k := range c.Kwargs {
		if k.Name == "msg" || k.Name == "message" || len(parts) == 0 {
			parts = append(parts, plainText(k.Value))
		}
	}
	return nil, failure("", "%s", strings.Join(parts, ": "))
}

func (s *scope) warn(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "exceptions.warn", "msg", "node")
	if err != nil {
		return nil, err
	}
	if l := s.options.Logger; l != nil {
		l.WarnContext(s.ctx, plainText(a[0]), "node", s.id(), "at", c.Place().String())
	}
	return jinja.Str(""), nil
}

// tryOrCompilerError is try_or_compiler_error(message, function, …).
func tryOrCompilerError(c *jinja.Call) (jinja.Value, error) {
	if len(c.Args) < 2 {
		return nil, failure("", "try_or_compiler_error takes a message, a function and its arguments")
	}
	v, err := c.Invoke(c.Args[1], c.Args[2:], c.Kwargs)
	if err != nil {
		return nil, failure("", "%s", plainText(c.Args[0]))
	}
	return v, nil
}

// renderText is render('text with Jinja').
func (s *scope) renderText(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "render", "string")
	if err != nil {
		return nil, err
	}
	out, err := s.renderString("render", plainText(a[0]))
	return jinja.Str(out), err
}

// diffOfTwoDicts is the first dict of lists without what the second has, names
// and entries compared without case.
func diffOfTwoDicts(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "diff_of_two_dicts", "dict_a", "dict_b")
	if err != nil {
		return nil, err
	}
	one, _ := toGo(a[0]).(map[string]any)
	two, _ := toGo(a[1]).(map[string]any)
	known := map[string]map[string]bool{}
	for k, list := range two {
		set := map[string]bool{}
		for _, item := range asList(list) {
			set[strings.ToLower(item)] = true
		}
		known[strings.ToLower(k)] = set
	}
	out := map[string]any{}
	for k, list := range one {
		set, both := known[strings.ToLower(k)]
		var rest []any
		for _, item := range asList(list) {
			if !set[strings.ToLower(item)] {
				rest = append(rest, item)
			}
		}
		if len(rest) > 0 || !both {
			out[k] = rest
		}
	}
	return toValue(out), nil
}

func asList(v any) []string {
	items, _ := v.([]any)
	out := make([]string, 0, len(items))
	for _, i := range items {
		if s, ok := i.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
