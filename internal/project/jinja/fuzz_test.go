package jinja

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// fuzzLimits keep every input cheap, so that a hang is a bug.
var fuzzLimits = Limits{Steps: 20_000, Depth: 50, Output: 1 << 16, Items: 2_000}

func addSeeds(f *testing.F) {
	f.Helper()
	var cases []goldenCase
	readJSON(f, filepath.Join("testdata", "golden.json"), &cases)
	for _, c := range cases {
		f.Add(c.Tpl)
	}
}

// FuzzParse holds that any source is either parsed or refused with a place
// within it.
func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, source string) {
		tmpl, err := Parse("fuzz.sql", source)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Line < 1 || e.Column < 1 || e.Message == "" {
				t.Fatalf("%q: an error without a place: %#v", source, err)
			}
			return
		}
		tmpl.Calls()
		for _, d := range tmpl.Definitions() {
			if d.Name == "" || d.Place.Line < 1 {
				t.Fatalf("%q: definition %+v", source, d)
			}
		}
	})
}

// FuzzRender holds that rendering ends, with text or with an *Error.
func FuzzRender(f *testing.F) {
	addSeeds(f)
	root := rootMacros(f)
	f.Fuzz(func(t *testing.T, source string) {
		tmpl, err := Parse("fuzz.sql", source)
		if err != nil {
			return
		}
		scope := dbtScope()
		for _, d := range append(root, tmpl.Definitions()...) {
			scope[d.Name] = d.Bind(scope)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_, err = tmpl.Render(ctx, scope, Options{Limits: fuzzLimits})
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Kind == CancelledError {
				t.Fatalf("%q: %#v", source, err)
			}
		}
	})
}
