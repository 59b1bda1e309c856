package project

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

func readJSON(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatal(err)
	}
}

// TestScalarsAgreeWithPyYAML holds scalars against what PyYAML's safe loader
// made of them, as Python's repr, text marked by str:.
func TestScalarsAgreeWithPyYAML(t *testing.T) {
	var cases [][2]string
	readJSON(t, "testdata/scalars.json", &cases)
	for _, c := range cases {
		d := &document{file: "x.yml"}
		top := d.parse([]byte("x: " + c[0]))
		if top == nil {
			t.Errorf("%q: %v", c[0], d.problems)
			continue
		}
		n := top.Content[1]
		got := pythonRepr(n)
		if s, ok := scalar(n).(string); ok {
			got = "str:" + s
		}
		want := c[1]
		if want == "9223372036854775808" { // beyond int64 it stays text, so that no digit is lost
			want = "str:" + want
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", c[0], got, want)
		}
	}
}

func TestReprAgreesWithPython(t *testing.T) {
	var texts [][2]string
	readJSON(t, "testdata/reprs.json", &texts)
	for _, c := range texts {
		if got := quotePython(c[0]); got != c[1] {
			t.Errorf("%q: got %s, want %s", c[0], got, c[1])
		}
	}
	var floats [][2]any
	readJSON(t, "testdata/floats.json", &floats)
	for _, c := range floats {
		if got := pythonFloat(c[0].(float64)); got != c[1] {
			t.Errorf("%v: got %s, want %s", c[0], got, c[1])
		}
	}
	for v, want := range map[float64]string{math.Inf(1): "inf", math.Inf(-1): "-inf"} {
		if got := pythonFloat(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestIgnore(t *testing.T) {
	rules := parseIgnore("# note\n\n*.bak.sql\n/models/tmp\ndrafts/\nmodels/**/old_*.sql\n!models/a/old_kept.sql\na?c.sql\n[xy]1.sql\n\\!odd.sql\n")
	for path, want := range map[string]bool{
		"models/x.bak.sql": true, "models/tmp/a.sql": true, "other/models/tmp/a.sql": false, "models/drafts/a.sql": true,
		"models/drafts.sql": false, "models/a/b/old_1.sql": true, "models/old_1.sql": true, "models/a/old_kept.sql": false,
		"abc.sql": true, "models/abc.sql": true, "abbc.sql": false, "x1.sql": true, "z1.sql": false, "!odd.sql": true, "# note": false,
	} {
		if got := rules.ignores(path); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

func TestSatisfies(t *testing.T) {
	for spec, want := range map[string]bool{
		">=1.3.0": true, "<2.0.0": true, ">=1.11.0": true, ">1.11.0": false, "1.11.0": true, "=1.10.0": false, "<=1.10.9": false,
		">=1.12.0b1": false, ">=1.8.0rc1": true, ">= 1.0": true, "anything": true,
	} {
		if got := satisfies("1.11.0", spec); got != want {
			t.Errorf("%s: got %v, want %v", spec, got, want)
		}
	}
}

func TestMergeKeys(t *testing.T) {
	d := &document{file: "x.yml"}
	top := d.parse([]byte("base: &b {a: 1, b: 2}\nmore: &m {b: 3, c: 4}\nx:\n  <<: [*b, *m]\n  a: 9\n"))
	got := fmt.Sprint(plainMap(top)["x"])
	if want := "map[a:9 b:2 c:4]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
