package compile

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// habits are things that projects and packages in the wild do; what they come
// to is what dbt 1.11 makes of them.
var habits = map[string]struct{ model, macros, want string }{
	"a private macro named with its package": {
		"{{ small._hidden() }}", "{% macro _hidden() %}seen{% endmacro %}", "seen",
	},
	"packages tell relations from text": {
		"{{ this is mapping }} {{ this.get('metadata', {}).get('type', '').endswith('Relation') }} {{ 'a' is mapping }}", "", "True True False",
	},
	"the target is a dict": {"{{ target is mapping }}", "", "True"},
	"vars keep their order": {
		"{% for k, v in var('wide').items() %}{{ k }}={{ v }} {% endfor %}", "", "z=1 a={'y': 1, 'b': 2} m=[{'q': 1, 'c': 2}] ",
	},
	"vars of the package keep theirs": {
		"{{ var('own') }}", "", "{'y': 1, 'b': 2}",
	},
}

const habitVars = "vars:\n  wide:\n    z: 1\n    a: {y: 1, b: 2}\n    m: [{q: 1, c: 2}]\n  small:\n    own: {y: 1, b: 2}\n"

func TestHabits(t *testing.T) {
	for name, h := range habits {
		t.Run(name, func(t *testing.T) {
			m := small(t, map[string]string{"models/a.sql": h.model, "macros/all.sql": h.macros, "dbt_project.yml": smallProject + habitVars}, nil)
			out, err := m.Compiler(nil).Compile(context.Background(), m.Nodes["model.small.a"], nil)
			if err != nil || out.SQL != h.want {
				t.Errorf("got %q %v, want %q", out.SQL, err, h.want)
			}
		})
	}
}

// TestGenericTestConfiguresItself holds config() within a test's macro: over
// the project's, under that of the properties, as dbt_utils counts on.
func TestGenericTestConfiguresItself(t *testing.T) {
	m := small(t, map[string]string{
		"dbt_project.yml":         smallProject + "data_tests: {+limit: 7, +severity: error}\n",
		"models/a.sql":            "select 1 as id",
		"models/a.yml":            "models:\n  - name: a\n    data_tests:\n      - few: {config: {limit: 3, tags: [mine]}}\n",
		"tests/generic/few.sql":   "{% test few(model) %}{{ config(fail_calc='sum(x)', limit=5, severity='warn') }}select 1 as x from {{ model }}{% endtest %}",
		"tests/generic/plain.sql": "{% test plain(model) %}select 1 from {{ model }}{% endtest %}",
	}, nil)
	for _, n := range m.Nodes {
		if n.Kind != project.Test {
			continue
		}
		got := settledConfig(n)
		want := map[string]any{"fail_calc": "sum(x)", "limit": int64(3), "severity": "warn", "tags": []any{"mine"}, "store_failures_as": nil}
		for key, value := range want {
			if !reflect.DeepEqual(got[key], value) {
				t.Errorf("%s is %#v, want %#v", key, got[key], value)
			}
		}
	}
}

// TestHooksAreDependencies holds that what a hook reads is built before.
func TestHooksAreDependencies(t *testing.T) {
	m := small(t, map[string]string{
		"dbt_project.yml": smallProject + "models: {small: {b: {+post-hook: \"insert into x select * from {{ ref('a') }} -- {{ note() }}\"}}}\n",
		"models/a.sql":    "select 1", "models/b.sql": "select 2",
		"macros/note.sql": "{% macro note() %}{{ this }}{% endmacro %}",
	}, nil)
	b := m.Nodes["model.small.b"]
	if !reflect.DeepEqual(b.DependsOn, []string{"model.small.a"}) || !reflect.DeepEqual(b.Macros, []string{"macro.small.note"}) {
		t.Errorf("b depends on %v and %v", b.DependsOn, b.Macros)
	}
}

// TestDocsBlocksAreRendered holds that docs may quote Jinja, with raw.
func TestDocsBlocksAreRendered(t *testing.T) {
	m := small(t, map[string]string{
		"models/a.sql": "select 1",
		"models/a.md":  "{% docs quoting %}use {% raw %}{{ ref('x') }}{% endraw %}{# gone #}.{% enddocs %}",
		"models/a.yml": "models: [{name: a, description: \"{{ doc('quoting') }}\"}]\n",
	}, nil)
	if got, want := m.Nodes["model.small.a"].Description, "use {{ ref('x') }}."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersionsAreNumbers(t *testing.T) {
	m := small(t, map[string]string{
		"models/d_v2.sql": "{{ model.version == 2 }} {{ model.latest_version + 1 }}",
		"models/d_vx.sql": "{{ model.version }}",
		"models/d.yml":    "models:\n  - name: d\n    latest_version: 2\n    versions: [{v: 2}, {v: x}]\n",
	}, nil)
	for id, want := range map[string]string{"model.small.d.v2": "True 3", "model.small.d.vx": "x"} {
		out, err := m.Compiler(nil).Compile(context.Background(), m.Nodes[id], nil)
		if err != nil || out.SQL != want {
			t.Errorf("%s: got %q %v, want %q", id, out.SQL, err, want)
		}
	}
}

// TestSavedParseHoldsNoEnvironment keeps what variables hold, which may be
// secret, out of the saved parse.
func TestSavedParseHoldsNoEnvironment(t *testing.T) {
	cache := t.TempDir()
	small(t, map[string]string{"models/a.sql": "{% if env_var('TOKEN') == 'x' %}{% endif %}select 1"}, func(o *Options) {
		o.CacheDir = cache
		o.LookupEnv = func(name string) (string, bool) { return "hunter2-hunter2", name == "TOKEN" }
	})
	saved, err := os.ReadFile(filepath.Join(cache, cacheFile))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(saved), "hunter2") {
		t.Error("the saved parse holds the variable's value")
	}
	info, err := os.Stat(filepath.Join(cache, cacheFile))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the saved parse: %v %v", info.Mode(), err)
	}
}
