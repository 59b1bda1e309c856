package compile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// TestAllProblemsAtOnce reads a project with many mistakes and holds the whole
// report against testdata/broken.txt: what a user reads.
func TestAllProblemsAtOnce(t *testing.T) {
	_, err := parseDir(t, "testdata/broken")
	var problems project.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	want, readErr := os.ReadFile("testdata/broken.txt")
	if readErr != nil {
		t.Fatal(readErr)
	}
	if got := err.Error() + "\n"; got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const smallProject = "name: small\nversion: 1.0.0\nconfig-version: 2\nprofile: shop\n"

// small parses a project of a few files.
func small(t *testing.T, files map[string]string, change func(*Options)) *Manifest {
	t.Helper()
	dir := t.TempDir()
	if files["dbt_project.yml"] == "" {
		files["dbt_project.yml"] = smallProject
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := testOptions()
	if change != nil {
		change(&o)
	}
	m, err := Load(context.Background(), project.Options{Dir: dir}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func compileFailure(t *testing.T, m *Manifest, id string) string {
	t.Helper()
	_, err := m.Compiler(nil).Compile(context.Background(), m.Nodes[id], nil)
	if err == nil {
		t.Fatalf("%s compiled", id)
	}
	return err.Error()
}

func TestRefSeenOnlyWhenRunIsRefused(t *testing.T) {
	m := small(t, map[string]string{
		"models/a.sql": "select 1",
		"models/b.sql": "select 1\n{% if execute %}from {{ ref('a') }}{% endif %}",
		"models/c.sql": "-- depends_on: {{ ref('a') }}\nselect 1\n{% if execute %}from {{ ref('a') }}{% endif %}",
	}, nil)
	got := compileFailure(t, m, "model.small.b")
	want := "models/b.sql:2:28: ref('a') was not seen while the project was parsed, because it stands in code that only runs later (execute, is_incremental, a query's result)\n" +
		"  add this line to the top of the file, outside of any if: -- depends_on: {{ ref('a') }}"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := m.Compiler(nil).Compile(context.Background(), m.Nodes["model.small.c"], nil); err != nil {
		t.Errorf("with the dependency named: %v", err)
	}
}

func TestMissingVarNamesWhatIsNear(t *testing.T) {
	m := small(t, map[string]string{"models/a.sql": "select '{{ var('start_dat') }}'"},
		func(o *Options) { o.Vars = map[string]any{"start_date": "2024-01-01"} })
	got := compileFailure(t, m, "model.small.a")
	want := "models/a.sql:1:15: required var 'start_dat' not found in config\n  did you mean start_date?"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestErrorsInMacrosShowTheWay(t *testing.T) {
	m := small(t, map[string]string{
		"models/a.sql":   "select {{ outer() }}",
		"macros/all.sql": "{% macro outer() %}{{ inner() }}{% endmacro %}\n{% macro inner() %}\n{% if execute %}{{ 1 / 0 }}{% endif %}{% endmacro %}",
	}, nil)
	got := compileFailure(t, m, "model.small.a")
	for _, part := range []string{"macros/all.sql:3:", "division by zero", "in macro inner (macros/all.sql:2:1), called from macros/all.sql:1:28", "in macro outer (macros/all.sql:1:1), called from models/a.sql:1:16"} {
		if !strings.Contains(got, part) {
			t.Errorf("the error does not say %q:\n%s", part, got)
		}
	}
}

func TestBatchesFilterWhatTheyRead(t *testing.T) {
	m := mustParse(t, "testdata/shop")
	b := &Batch{Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC)}
	out, err := m.Compiler(nil).Compile(context.Background(), m.Nodes["model.shop.daily"], b)
	if err != nil {
		t.Fatal(err)
	}
	want := "\nselect id, created_at from (select * from `raw`.`customers` where created_at >= '2024-03-01 00:00:00' and created_at < '2024-03-02 00:00:00')\n" +
		"union all\nselect id, created_at from (select * from `shop_dev__staging`.`stg_customers` where created_at >= '2024-03-01 00:00:00' and created_at < '2024-03-02 00:00:00')"
	if out.SQL != want {
		t.Errorf("got  %q\nwant %q", out.SQL, want)
	}
	if want := "compiled/shop/models/marts/daily/daily_2024-03-01.sql"; out.Path != want {
		t.Errorf("path %s, want %s", out.Path, want)
	}
}

func TestInsideABatch(t *testing.T) {
	m := small(t, map[string]string{"models/a.sql": "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='t', begin='2024-01-01', batch_size='hour') }}" +
		"{{ is_incremental() }} {{ model.batch.id if model.batch }} {{ model.batch.event_time_start if model.batch }}"},
		func(o *Options) { o.Flags.FullRefresh = true })
	c, n := m.Compiler(nil), m.Nodes["model.small.a"]
	start := time.Date(2024, 3, 1, 5, 0, 0, 0, time.UTC)
	for want, b := range map[string]*Batch{
		"True 20240301T05 2024-03-01 05:00:00+00:00":  {Start: start, End: start.Add(time.Hour)},
		"False 20240301T05 2024-03-01 05:00:00+00:00": {Start: start, End: start.Add(time.Hour), Fresh: true},
		"False": nil,
	} {
		out, err := c.Compile(context.Background(), n, b)
		if err != nil || strings.TrimSpace(out.SQL) != want {
			t.Errorf("got %q %v, want %q", out.SQL, err, want)
		}
	}
}

func TestEmptyReadsNoRows(t *testing.T) {
	m := small(t, map[string]string{"models/a.sql": "select 1", "models/b.sql": "select * from {{ ref('a') }}"},
		func(o *Options) { o.Flags.Empty = true })
	out, err := m.Compiler(nil).Compile(context.Background(), m.Nodes["model.small.b"], nil)
	if want := "select * from (select * from `shop_dev`.`a` where false limit 0)"; err != nil || out.SQL != want {
		t.Errorf("got %q %v, want %q", out.SQL, err, want)
	}
}

func TestInlineAndHooks(t *testing.T) {
	m := mustParse(t, "testdata/shop")
	c := m.Compiler(nil)
	sql, err := c.Inline(context.Background(), "select * from {{ ref('eph_paid') }}")
	if err != nil || !strings.HasPrefix(sql, "with __dbt__cte__eph_paid as (") {
		t.Errorf("inline: %q %v", sql, err)
	}
	n := m.Nodes["model.shop.status_counts"]
	hook, err := c.Render(context.Background(), n, n.Config.PostHook[0].SQL, "post-hook 1")
	if want := "optimize table `shop_dev__reporting`.`counts_by_status` final"; err != nil || hook != want {
		t.Errorf("hook: %q %v, want %q", hook, err, want)
	}
	end, err := c.RenderWith(context.Background(), nil, "{{ results | length }} {{ schemas | join(',') }}", "on-run-end 1",
		map[string]any{"results": []any{1, 2}, "schemas": []string{"a", "b"}})
	if err != nil || end != "2 a,b" {
		t.Errorf("on-run-end: %q %v", end, err)
	}
	if _, err := c.Render(context.Background(), n, "{{ nothing( }}", "post-hook 2"); err == nil || !strings.Contains(err.Error(), "post-hook 2") {
		t.Errorf("a broken hook: %v", err)
	}
}

// TestMicrobatchWithoutTimedInput warns that each batch reads everything, and
// is silent where an input is sliced.
func TestMicrobatchWithoutTimedInput(t *testing.T) {
	const batched = "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='t', begin='2024-01-01', batch_size='day') }}select * from {{ ref('above') }}"
	for above, warns := range map[string]bool{
		"select 1 as t": true,
		"{{ config(event_time='t') }}select 1 as t": false,
	} {
		m := small(t, map[string]string{"models/above.sql": above, "models/below.sql": batched}, func(*Options) {})
		got := m.Warnings.Err() != nil && strings.Contains(m.Warnings.Error(), "microbatch model below: none of its inputs has an event_time")
		if got != warns {
			t.Errorf("above %q: warnings %v", above, m.Warnings)
		}
	}
}
