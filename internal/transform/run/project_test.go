package run

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// A project on disk, read, parsed and built by the real compiler.
func TestProjectOnDisk(t *testing.T) {
	s := open(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"dbt_project.yml": "name: shop\nversion: '1'\nconfig-version: 2\nprofile: shop\nmodel-paths: [models]\nseed-paths: [seeds]\n" +
			"on-run-start: [\"create table if not exists {{ target.schema }}.log (x String) engine = MergeTree order by x\"]\n" +
			"on-run-end: [\"insert into {{ target.schema }}.log select '{{ results | length }} results'\"]\n",
		"seeds/cities.csv":  "id,name\n1,Lima\n2,Quito\n",
		"models/big.sql":    "{{ config(materialized='ephemeral') }} select * from {{ ref('cities') }} where id > 1",
		"models/named.sql":  "{{ config(materialized='incremental', unique_key='id', post_hook=\"insert into {{ target.schema }}.log select 'named'\") }}\nselect id, name, {{ 1 if is_incremental() else 0 }} as again from {{ ref('big') }}",
		"models/schema.yml": "models: [{name: named, columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	o := compile.Options{
		Target:    compile.Target{Name: "test", Type: "clickhouse", Schema: s.schema},
		LookupEnv: func(string) (string, bool) { return "", false }, Now: time.Now(), Flags: compile.Flags{Which: "build"},
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Render: o.YAML()})
	if err != nil {
		t.Fatal(err)
	}
	o.Project = p
	manifest, err := compile.Parse(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	options := s.options("build")
	options.Nodes, options.Graph = manifest.Graph.Nodes(), manifest.Graph
	options.Compiler = func(w compile.Warehouse) Compiler { return manifest.Compiler(w) }
	for i, sql := range p.Root().OnRunStart {
		options.OnRunStart = append(options.OnRunStart, Operation{Package: "shop", Name: "start-" + string(rune('0'+i)), SQL: sql})
	}
	for i, sql := range p.Root().OnRunEnd {
		options.OnRunEnd = append(options.OnRunEnd, Operation{Package: "shop", Name: "end-" + string(rune('0'+i)), SQL: sql})
	}
	for _, want := range []string{"2 Quito 0", "2 Quito 1"} {
		results, err := Run(t.Context(), options)
		if err != nil {
			t.Fatalf("%v: %s", err, messages(results))
		}
		s.want("SELECT * FROM {named}", want)
	}
	// The seed, the model, two tests and the start hook came before the end hook.
	s.want("SELECT x FROM {log} ORDER BY x", "5 results", "5 results", "named", "named")
	compiled, err := filepath.Glob(filepath.Join(s.dir, "compiled", "shop", "models", "*.sql"))
	if err != nil || len(compiled) != 1 || !strings.HasSuffix(compiled[0], "named.sql") {
		t.Errorf("compiled files: %v %v", compiled, err)
	}
	s.nothingLeft()
}
