package jinja

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// shared finds the folder of the conformance cases, beside the repository.
func shared(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
	}
	folder := filepath.Join(filepath.Dir(dir), "shared", "conformance", "jinja")
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("the conformance cases are missing: %v", err)
	}
	return folder
}

// goldenCase is a template with what Jinja2 prints for it, or that it fails.
type goldenCase struct {
	Name string  `json:"name"`
	Tpl  string  `json:"tpl"`
	Out  *string `json:"out"`
	Err  *string `json:"err"`
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func rootMacros(t testing.TB) []*Definition {
	t.Helper()
	path := filepath.Join(shared(t), "root_macros.sql")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := Parse("root_macros.sql", string(data))
	if err != nil {
		t.Fatal(err)
	}
	return tmpl.Definitions()
}

func runGolden(t *testing.T, cases []goldenCase) {
	root := rootMacros(t)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got, err := renderCase(root, c.Tpl)
			switch {
			case c.Err != nil && err == nil:
				t.Fatalf("%s\nprinted %q\nwant the error %s", c.Tpl, got, *c.Err)
			case c.Err != nil:
			case err != nil:
				t.Fatalf("%s\nfailed: %v\nwant %q", c.Tpl, err, *c.Out)
			case got != *c.Out:
				t.Fatalf("%s\nprinted %q\nwant    %q", c.Tpl, got, *c.Out)
			}
		})
	}
}

func TestConformance(t *testing.T) {
	var cases []goldenCase
	readJSON(t, filepath.Join(shared(t), "cases.json"), &cases)
	if len(cases) < 100 {
		t.Fatalf("only %d cases", len(cases))
	}
	runGolden(t, cases)
}
