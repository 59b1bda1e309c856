package jinja

import (
	"strings"
	"testing"
)

// TestLimits holds that whatever a template does, it is stopped with an error
// that names the limit.
func TestLimits(t *testing.T) {
	limits := Limits{Steps: 50_000, Depth: 40, Output: 100_000, Items: 10_000}
	for _, source := range []string{
		"{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
		"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
		"{{ 'a' * 10000000000 }}", "{{ [1] * 10000000000 }}", "{{ 2 ** 100000000 }}", "{{ 'ab' * 90000 }}",
		"{% for i in range(9999) %}0123456789012345{% endfor %}",
		"{% set s = namespace(x='x' * 1000) %}{% for i in range(30) %}{% set s.x = s.x + s.x %}{% endfor %}",
		"{% set s = namespace(x='x' * 1000) %}{% for i in range(30) %}{% set s.x = s.x ~ s.x %}{% endfor %}",
		"{% set s = namespace(x=[1]) %}{% for i in range(30) %}{% set s.x = s.x + s.x %}{% endfor %}",
		"{{ ('a' * 90000) | replace('', 'bbbbbbbb') }}", "{{ ['a' * 90000] * 9000 | int }}{{ (['a' * 9000] * 900) | join }}",
		"{{ 'x' | center(10000000) }}", "{{ 'x'.ljust(10000000) }}", "{{ '%99999999d' % 1 }}", "{{ '{:99999999}'.format(1) }}",
		"{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "{{ modules.itertools.count() | list }}",
		"{{ modules.itertools.repeat(1) | list }}", "{{ modules.itertools.cycle([1]) | list }}", "{{ range(100000) | list }}",
		"{% set l = [1] %}{% for i in l %}{% do l.append(1) %}{% endfor %}", "{{ ('x\n' * 40000) | indent(90) }}",
		"{% set n = namespace(x=10) %}{% for i in range(40) %}{% set n.x = n.x * n.x %}{% endfor %}",
		strings.Repeat("{{ (", 1) + strings.Repeat("(", 500) + "1", strings.Repeat("{% if x %}", 500), "{{ " + strings.Repeat("-", 500) + "1 }}",
		"{{ " + strings.Repeat("not ", 500) + "1 }}", "{{ " + strings.Repeat("[", 500) + " }}",
		"{% set n = namespace(x=[]) %}{% for i in range(600) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}",
	} {
		tmpl, err := Parse("limit.sql", source)
		if err == nil {
			_, err = tmpl.Render(t.Context(), Map{"modules": Modules()}, Options{Limits: limits})
		}
		if err == nil {
			t.Errorf("%.80s: not stopped", source)
		} else if e := asError(t, err); e.Kind != LimitError && e.Kind != ValueError {
			t.Errorf("%.80s: %v", source, err)
		}
	}
}
