package jinja

import (
	"path/filepath"
	"testing"
)

// TestGolden holds our own cases, whose outputs Jinja2 3.1.6 with dbt's
// extensions printed.
func TestGolden(t *testing.T) {
	var cases []goldenCase
	readJSON(t, filepath.Join("testdata", "golden.json"), &cases)
	if len(cases) < 400 {
		t.Fatalf("only %d cases", len(cases))
	}
	runGolden(t, cases)
}
