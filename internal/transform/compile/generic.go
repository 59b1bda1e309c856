package compile

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// kwargsName is the variable that holds a generic test's arguments in the
// source that dbt writes for it.
const kwargsName = "_dbt_generic_test_kwargs"

// callLike are arguments of tests that are code although no braces say so.
var callLike = lazyregexp.New(`^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$`)

// modelText is the Jinja of the relation that a generic test reads.
func modelText(n *project.Node) string { return "{{ get_where_subquery(" + n.Test.Model + ") }}" }

// genericTest finds out what a generic test reads.
func (p *parser) genericTest(ctx context.Context, n *project.Node, rec *recording) {
	m := p.testMacro(n)
	if m == nil {
		rec.problems = append(rec.problems, p.noTestMacro(n))
		return
	}
	rec.macro(m.UniqueID)
	if p.plainContext && (m.UniqueID == "macro.dbt.test_unique" || m.UniqueID == "macro.dbt.test_not_null") {
		if p.staticModel(n, rec) {
			rec.macro("macro.dbt.get_where_subquery")
			return
		}
	}
	s := p.environment.scope(ctx, n, n.Package)
	s.parsing = rec
	if err := p.testArguments(s, n); err != nil {
		rec.problems = append(rec.problems, testProblem(n, err))
		return
	}
	t, err := jinja.Parse(n.Place.File, n.Raw)
	if err == nil {
		_, err = t.Render(ctx, s, p.renderOptions(true))
	}
	if err != nil {
		rec.problems = append(rec.problems, testProblem(n, err))
	}
	underProperties(rec.configs, n.Properties)
}

// underProperties leaves of the config() calls of a generic test what its
// properties do not say: these are a call too, the last one of its source.
func underProperties(calls []map[string]any, properties map[string]any) {
	for _, call := range calls {
		for key := range properties {
			delete(call, key)
		}
	}
}

// testProblem puts a failure in a test's generated source where the test is
// written.
func testProblem(n *project.Node, err error) project.Problem {
	problem := problemOf(err, "test "+n.Test.Generic)
	if problem.Place.File == n.Place.File || problem.Place.Line == 0 {
		problem.Place = n.Place
	}
	return problem
}

// testMacro finds the macro of a generic test: that of the package it names,
// else by the order of unqualified names.
func (e *environment) testMacro(n *project.Node) *macroDef {
	name := "test_" + n.Test.Generic
	if n.Test.Namespace != "" {
		return e.macros.namespace(n.Test.Namespace)[name]
	}
	return e.macros.find(n.Package, name)
}

func (p *parser) noTestMacro(n *project.Node) project.Problem {
	name := n.Test.Generic
	var known []string
	for _, macro := range append(p.macros.names(n.Package), keysOf(p.macros.namespace(n.Test.Namespace))...) {
		if test, ok := strings.CutPrefix(macro, "test_"); ok {
			known = append(known, test)
		}
	}
	problem := project.Problem{Place: n.Place, Message: "there is no generic test " + name, Hint: hint(name, known)}
	if n.Test.Namespace != "" {
		problem.Message = fmt.Sprintf("there is no generic test %s in package %s", name, n.Test.Namespace)
		if p.macros.namespace(n.Test.Namespace) == nil {
			problem.Hint = "the package " + n.Test.Namespace + " is not installed: add it to packages.yml"
		}
	}
	if problem.Hint == "" {
		problem.Hint = "define it with {% test " + name + "(model) %} in a file of tests/generic"
	}
	return problem
}

var (
	plainRef    = lazyregexp.New(`^ref\('([^']*)'\)$`)
	plainSource = lazyregexp.New(`^source\('([^']*)', '([^']*)'\)$`)
)

// staticModel takes the tested relation of a test that reads nothing else.
func (p *parser) staticModel(n *project.Node, rec *recording) bool {
	if m := plainRef().FindStringSubmatch(n.Test.Model); m != nil {
		rec.refs = append(rec.refs, project.Ref{Name: m[1], Place: n.Place})
		return true
	}
	if m := plainSource().FindStringSubmatch(n.Test.Model); m != nil {
		rec.sources = append(rec.sources, project.SourceRef{Source: m[1], Table: m[2], Place: n.Place})
		return true
	}
	return false
}

// testArguments renders a generic test's arguments into the scope. Text is
// rendered to a native value; a column's name stays text.
func (e *environment) testArguments(s *scope, n *project.Node) error {
	d := jinja.NewDict()
	for _, key := range keysOf(n.Test.Arguments) {
		v, err := s.native(n.Test.Arguments[key], key == "column_name")
		if err != nil {
			return fmt.Errorf("argument %s: %w", key, err)
		}
		_ = d.Set(jinja.Str(key), v) // text is always hashable
	}
	model, err := s.native(modelText(n), false)
	if err != nil {
		return err
	}
	_ = d.Set(jinja.Str("model"), model)
	s.extra = map[string]jinja.Value{kwargsName: d}
	return nil
}

// native renders the text within a plain value.
func (s *scope) native(v any, asText bool) (jinja.Value, error) {
	switch v := v.(type) {
	case string:
		if asText {
			return jinja.Str(v), nil
		}
		if callLike().MatchString(v) {
			v = "{{ " + v + " }}"
		}
		return s.nativeText(v)
	case []any:
		list := jinja.NewList()
		for _, item := range v {
			one, err := s.native(item, false)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, one)
		}
		return list, nil
	case map[string]any:
		d := jinja.NewDict()
		for _, k := range keysOf(v) {
			one, err := s.native(v[k], false)
			if err != nil {
				return nil, err
			}
			_ = d.Set(jinja.Str(k), one) // text is always hashable
		}
		return d, nil
	}
	return toValue(v), nil
}

func (s *scope) nativeText(source string) (jinja.Value, error) {
	file := "argument"
	if s.node != nil {
		file = s.node.Place.File
	}
	t, err := jinja.Parse(file, source)
	if err != nil {
		return nil, err
	}
	return t.RenderNative(s.ctx, s, s.renderOptions(s.parsing != nil))
}
