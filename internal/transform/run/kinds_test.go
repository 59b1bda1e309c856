package run

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

func TestOnSchemaChange(t *testing.T) {
	for name, c := range map[string]struct {
		change  string
		config  map[string]any
		columns []string // nil: an error
	}{
		"ignore":            {"ignore", nil, []string{"k", "v"}},
		"fail":              {"fail", nil, nil},
		"append new":        {"append_new_columns", nil, []string{"k", "v", "w"}},
		"append new, keep":  {"append_new_columns", map[string]any{"full_refresh": false}, []string{"k", "v", "w"}},
		"append new, keyed": {"append_new_columns", map[string]any{"unique_key": "k"}, []string{"k", "v", "w"}},
		"sync":              {"sync_all_columns", nil, []string{"k", "v", "w"}},
		"sync, overwrite":   {"sync_all_columns", map[string]any{"partition_by": "k", "incremental_strategy": "insert_overwrite"}, []string{"k", "v", "w"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			config := map[string]any{"on_schema_change": c.change}
			for k, v := range c.config {
				config[k] = v
			}
			s.model("m", "incremental", "SELECT toUInt8(1) AS k, 'a' AS v", config)
			s.run()
			s.sql["model.shop.m"] = "SELECT 'new' AS w, 'b' AS v, toUInt8(2) AS k"
			if c.columns == nil {
				if _, err := Run(t.Context(), s.options("run")); !errors.Is(err, ErrFailed) {
					t.Fatalf("error: %v", err)
				}
				s.want("SELECT k, v FROM {m} ORDER BY k", "1 a")
				return
			}
			s.run()
			s.want("SELECT name FROM system.columns WHERE database = '{this_schema}' AND table = 'm' ORDER BY position", c.columns...)
			s.want("SELECT k, v FROM {m} ORDER BY k", "1 a", "2 b")
			s.nothingLeft()
		})
	}
	t.Run("sync drops and changes types", func(t *testing.T) {
		s := open(t)
		s.model("m", "incremental", "SELECT toUInt8(1) AS k, 'a' AS v, 7 AS old", map[string]any{"on_schema_change": "sync_all_columns", "unique_key": "k"})
		s.run()
		s.sql["model.shop.m"] = "SELECT toUInt64(300) AS k, 'b' AS v"
		s.run()
		s.want("SELECT name, type FROM system.columns WHERE database = '{this_schema}' AND table = 'm' ORDER BY position", "k UInt64", "v String")
		s.want("SELECT k, v FROM {m} ORDER BY k", "1 a", "300 b")
		s.nothingLeft()
	})
}

func TestContract(t *testing.T) {
	s := open(t)
	n := s.model("m", "table", "SELECT 'a' AS v, toUInt32(1) AS k, toDecimal64(1, 2) AS d", map[string]any{"contract": map[string]any{"enforced": true}})
	n.Columns = []project.Column{
		{Name: "k", DataType: "UInt32"}, {Name: "v", DataType: "String", Config: map[string]any{"codec": "ZSTD(3)"}}, {Name: "d", DataType: "Decimal(18,2)"},
	}
	n.Constraints = []map[string]any{{"type": "check", "name": "positive", "expression": "k > 0"}}
	s.run()
	s.want("SELECT name, compression_codec FROM system.columns WHERE database = '{this_schema}' AND table = 'm' ORDER BY position", "k", "v CODEC(ZSTD(3))", "d")
	s.sql[n.UniqueID] = "SELECT 1 AS v, toUInt32(1) AS k, 7 AS extra"
	results, err := Run(t.Context(), s.options("run"))
	want := "the query breaks the model's contract:\n  v: declared as String, the query gives UInt8\n  d: declared as Decimal(18, 2), missing in the query\n  extra: the query gives UInt8, not declared"
	if !errors.Is(err, ErrFailed) || results.Results[0].Message != want {
		t.Errorf("%v: %s", err, messages(results))
	}
	s.sql[n.UniqueID] = "SELECT 'a' AS v, toUInt32(0) AS k, toDecimal64(1, 2) AS d"
	if _, err := Run(t.Context(), s.options("run")); !errors.Is(err, ErrFailed) {
		t.Errorf("a row against the check: %v", err)
	}
	s.want("SELECT k FROM {m}", "1")
	s.nothingLeft()
}

func TestSeed(t *testing.T) {
	s := open(t)
	n := s.model("cities", "seed", "", map[string]any{"column_types": map[string]any{"fee": "Decimal(18, 2)", "note": "Nullable(String)"}, "order_by": "id"})
	delete(s.nodes, n.UniqueID)
	n.UniqueID, n.Kind, n.Root, n.Path = "seed.shop.cities", project.Seed, t.TempDir(), "cities.csv"
	s.nodes[n.UniqueID] = n
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(n.Root, n.Path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	seed := func(o *Options) { o.Command = "seed" }
	write("\ufeffid,name,fee,share,open,since,seen,note\r\n1,\"O'Higgins, \"\"VI\"\"\nRegión\",12.30,0.5,true,2024-01-02,2024-01-02T03:04:05Z,\\N\r\n30000000000,Lima,,1,false,1950-01-01,,\r\n")
	results := s.run(seed)
	if results.Results[0].Rows != 2 {
		t.Errorf("rows: %d", results.Results[0].Rows)
	}
	s.want("SELECT name, type FROM system.columns WHERE database = '{this_schema}' AND table = 'cities' ORDER BY position",
		"id Int64", "name String", "fee Decimal(18, 2)", "share Float64", "open Bool", "since Date32", "seen DateTime", "note Nullable(String)")
	s.want("SELECT toString(tuple(*)) FROM {cities} ORDER BY id",
		`(1,'O\'Higgins, "VI"\nRegión',12.3,0.5,true,'2024-01-02','2024-01-02 03:04:05','\\N')`,
		`(30000000000,'Lima',0,1,false,'1950-01-01','1970-01-01 00:00:00',NULL)`)
	write("id,fee,note\n5,1.00,x\n")
	s.run(seed)
	s.want("SELECT id FROM {cities}", "5")
	write("id,fee,note\n6,1.00\n")
	if _, err := Run(t.Context(), func() Options { o := s.options("seed"); return o }()); !errors.Is(err, ErrFailed) {
		t.Errorf("a short line: %v", err)
	}
	s.want("SELECT id FROM {cities}", "5")
	s.nothingLeft()
}

func TestBuildStopsAtFailedTests(t *testing.T) {
	s := open(t)
	s.model("a", "table", "SELECT arrayJoin([1, 1, 2]) AS x", nil)
	s.model("b", "table", "SELECT * FROM {a}", nil, "model.shop.a")
	s.test("unique_a", "SELECT x, count() AS c FROM {a} GROUP BY x HAVING c > 1", map[string]any{}, "model.shop.a")
	s.test("warned_a", "SELECT x FROM {a} WHERE x = 1", map[string]any{"severity": "warn", "fail_calc": "sum(x)"}, "model.shop.a")
	o := s.options("build")
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) {
		t.Fatalf("%v: %s", err, messages(results))
	}
	got := map[string]string{}
	for _, r := range results.Results {
		got[r.Node.Name] = string(r.Status) + " " + r.Message
	}
	for name, want := range map[string]string{
		"a": "success 3 rows", "b": "skipped skipped, since unique_a failed",
		"unique_a": "fail Got 1 result, configured to fail if != 0", "warned_a": "warn Got 2 results, configured to warn if != 0",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	// With fewer failures than error_if the build goes on.
	s.nodes["test.shop.unique_a"].Config.Values["error_if"] = "> 1"
	results, err = Run(t.Context(), s.options("build"))
	if err != nil {
		t.Fatalf("%v: %s", err, messages(results))
	}
	s.want("SELECT count() FROM {b}", "3")
}

func TestStoreFailures(t *testing.T) {
	s := open(t)
	n := s.test("bad", "SELECT number AS n FROM numbers(5)", map[string]any{"store_failures": true, "limit": int64(3)})
	n.Relation.Schema = s.schema
	results, err := Run(t.Context(), s.options("test"))
	if !errors.Is(err, ErrFailed) || *results.Results[0].Failures != 3 {
		t.Fatalf("%v: %s", err, messages(results))
	}
	if !strings.Contains(results.Results[0].Message, "bad") {
		t.Errorf("message: %s", results.Results[0].Message)
	}
	s.want("SELECT count() FROM {bad}", "3")
	s.nothingLeft()
}
