package jinja

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func mustParse(t *testing.T, source string) *Template {
	t.Helper()
	tmpl, err := Parse("models/a.sql", source)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func render(t *testing.T, source string, scope Scope, opts Options) (string, error) {
	t.Helper()
	return mustParse(t, source).Render(context.Background(), scope, opts)
}

// asError gives the *Error behind err.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not an *Error: %#v", err)
	}
	return e
}

func TestErrorNamesPlaceAndChain(t *testing.T) {
	lib, err := Parse("macros/m.sql", "\n  {% macro outer(a) %}\n{{ inner(a) }}{% endmacro %}\n{% macro inner(a) %}{{ a + 'x' }}{% endmacro %}")
	if err != nil {
		t.Fatal(err)
	}
	scope := Map{}
	for _, d := range lib.Definitions() {
		scope[d.Name] = d.Bind(scope)
	}
	_, err = render(t, "select\n  {{ outer(1) }}", scope, Options{})
	want := strings.Join([]string{
		"macros/m.sql:4:26: unsupported operand type(s) for +: 'int' and 'str'",
		"  in macro inner (macros/m.sql:4:1), called from macros/m.sql:3:9",
		"  in macro outer (macros/m.sql:2:3), called from models/a.sql:2:11",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Fatalf("got\n%v\nwant\n%s", err, want)
	}
	if e := asError(t, err); len(e.Chain) != 2 || e.Kind != TypeError {
		t.Fatalf("%+v", e)
	}
}

func TestErrorOfGoFunctionIsKept(t *testing.T) {
	cause := errors.New("no such model")
	scope := Map{"ref": NewFunc("ref", func(*Call) (Value, error) { return nil, fmt.Errorf("ref: %w", cause) })}
	_, err := render(t, "{{ ref('x') }}", scope, Options{})
	if !errors.Is(err, cause) || asError(t, err).Kind != FunctionError {
		t.Fatalf("%v", err)
	}
}

func TestHints(t *testing.T) {
	for source, hint := range map[string]string{
		"{{ 'a' | uper }}":         "did you mean 'upper'?",
		"{{ 1 is defind }}":        "did you mean 'defined'?",
		"{{ sourc('a').b }}":       "did you mean 'source'?",
		"{{ sourc('a') }}":         "did you mean 'source'?",
		"{% fro x in y %}":         "did you mean 'for'?",
		"{{ cents('a', scal=3) }}": "did you mean 'scale'?",
	} {
		_, err := renderCase(rootMacros(t), source)
		if err == nil || asError(t, err).Hint != hint {
			t.Errorf("%s: %v, want the hint %s", source, err, hint)
		}
	}
}

func TestReturnOutsideMacroFails(t *testing.T) {
	if _, err := render(t, "a{{ return(1) }}", Map{}, Options{}); err == nil {
		t.Fatal("no error")
	}
}

func TestLenient(t *testing.T) {
	got, err := render(t, "[{{ a.b.c('x')[1].d }}]", Map{}, Options{Lenient: true})
	if err != nil || got != "[]" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestDefinitions(t *testing.T) {
	tmpl := mustParse(t, `{% macro a(x, y=2, z: list[str] = []) %}A{% endmacro %}
{% test t(model) %}T{% endtest %}
{% materialization m, adapter='clickhouse', supported_languages=['sql', 'python'] %}{% endmaterialization %}
{% snapshot s %} select {{ x }} {% endsnapshot %}
{% docs d %}# Doc{% enddocs %}{% if true %}{% macro hidden() %}{% endmacro %}{% endif %}`)
	var got []string
	for _, d := range tmpl.Definitions() {
		got = append(got, fmt.Sprintf("%s %s %d:%d %q", d.Kind, d.Name, d.Place.Line, d.Place.Column, d.Contents))
	}
	want := `macro a 1:1 "A"
test test_t 2:1 "T"
materialization materialization_m_clickhouse 3:1 ""
snapshot s 4:1 " select {{ x }} "
docs d 5:1 "# Doc"`
	if strings.Join(got, "\n") != want {
		t.Fatalf("%s", strings.Join(got, "\n"))
	}
	params := tmpl.Definitions()[0].Params
	if params[0].HasDefault || params[1].Default != Int(2) || params[2].Annotation != "list[str]" || params[2].Default.Type() != "list" {
		t.Fatalf("%v", params)
	}
	if m := tmpl.Definitions()[2]; m.Adapter != "clickhouse" || fmt.Sprint(m.Languages) != "[sql python]" {
		t.Fatalf("%+v", m)
	}
	body, err := tmpl.Definitions()[3].Template()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = body.Render(context.Background(), Map{}, Options{}); err != nil {
		t.Fatal(err)
	}
	_, err = body.Render(context.Background(), Map{"x": NewIterator("boom", func() (Value, bool, error) { return nil, false, nil })}, Options{})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotErrorsNameTheFile(t *testing.T) {
	tmpl := mustParse(t, "\n{% snapshot s %}\nselect {{ x.y }}\n{% endsnapshot %}")
	body, err := tmpl.Definitions()[0].Template()
	if err != nil {
		t.Fatal(err)
	}
	_, err = body.Render(context.Background(), Map{}, Options{})
	if got := asError(t, err).Place().String(); got != "models/a.sql:3:13" {
		t.Fatal(got)
	}
}

func TestRunMacroFromGo(t *testing.T) {
	scope := Map{}
	m := mustParse(t, "{% macro m(a, b=2) %}{{ return([a, b]) }}{% endmacro %}").Definitions()[0].Bind(scope)
	v, err := m.Run(context.Background(), Options{}, []Value{Int(1)}, []Kwarg{{"b", Str("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Repr(v); got != "[1, 'x']" {
		t.Fatal(got)
	}
}

func TestCallSites(t *testing.T) {
	tmpl := mustParse(t, "{{ config(materialized='table', tags=['a']) }}{% if x %}{{ ref('p', 'a') }}{% endif %}{{ dbt_utils.star(ref('b'), except=[c]) }}")
	var got []string
	for _, c := range tmpl.Calls() {
		args, err := Repr(NewTuple(orNones(c.Args)...))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s%s %d kwargs literal=%t conditional=%t %d", c.Name, args, len(c.Kwargs), c.Literal, c.Conditional, c.Place.Column))
	}
	want := `config() 2 kwargs literal=true conditional=false 4
ref('p', 'a') 0 kwargs literal=true conditional=true 60
dbt_utils.star(None,) 1 kwargs literal=false conditional=false 90
ref('b',) 0 kwargs literal=true conditional=false 105`
	if strings.Join(got, "\n") != want {
		t.Fatalf("%s", strings.Join(got, "\n"))
	}
	if tmpl.OnlyCalls("ref", "config") {
		t.Fatal("an if is not a call")
	}
	if !mustParse(t, "{{ config(a=1) }} select {{ ref('x') }}{# c #}").OnlyCalls("ref", "config") {
		t.Fatal("only ref and config")
	}
}

func orNones(list []Value) []Value {
	out := make([]Value, len(list))
	for i, v := range list {
		out[i] = orNone(v)
	}
	return out
}

func TestConcurrentRenders(t *testing.T) {
	tmpl := mustParse(t, "{% set l = [] %}{% for i in range(50) %}{% do l.append(i * n) %}{% endfor %}{{ l | sum }}{{ m(n) }}")
	m := mustParse(t, "{% macro m(a) %}-{{ a }}{{ k }}{% endmacro %}").Definitions()[0]
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			scope := Map{"n": Int(n), "k": Str("k")}
			scope["m"] = m.Bind(scope)
			got, err := tmpl.Render(context.Background(), scope, Options{})
			if want := fmt.Sprintf("%d-%dk", 1225*n, n); err != nil || got != want {
				t.Errorf("%q, %v; want %s", got, err, want)
			}
		})
	}
	wg.Wait()
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := mustParse(t, "{% for i in range(90000) %}{% endfor %}").Render(ctx, Map{}, Options{})
	if asError(t, err).Kind != CancelledError {
		t.Fatal(err)
	}
}

func TestClockIsInjected(t *testing.T) {
	now := func() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC) }
	got, err := render(t, "{{ modules.datetime.datetime.now() }}", Map{"modules": Modules()}, Options{Now: now})
	if err != nil || got != "2024-05-06 07:08:09" {
		t.Fatalf("%q, %v", got, err)
	}
}

// TestUncomparableGoValue holds that Go values which == cannot compare are
// unhashable, not a panic.
func TestUncomparableGoValue(t *testing.T) {
	scope := Map{"x": attrs{}, "y": attrs{}}
	if got, err := render(t, "{{ x == y }}{{ x is sameas y }}{{ x in [y] }}", scope, Options{}); err != nil || got != "FalseFalseFalse" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := render(t, "{{ {x: 1} }}", scope, Options{}); err == nil || asError(t, err).Message != "unhashable type: 'object'" {
		t.Fatal(err)
	}
}
