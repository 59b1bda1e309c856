package jinja

import (
	"context"
	"path/filepath"
	"testing"
)

// TestNative holds what dbt's native renderer gives for values in YAML.
func TestNative(t *testing.T) {
	var cases []goldenCase
	readJSON(t, filepath.Join("testdata", "native.json"), &cases)
	inner := NewDict()
	if err := inner.Set(Str("a"), NewList(Int(1))); err != nil {
		t.Fatal(err)
	}
	scope := Map{"x": Int(5), "l": NewList(Int(1), Int(2)), "d": inner, "s": Str("7")}
	for _, c := range cases {
		tmpl, err := Parse("schema.yml", c.Tpl)
		if err != nil {
			t.Fatal(err)
		}
		v, err := tmpl.RenderNative(context.Background(), scope, Options{})
		if (err != nil) != (c.Err != nil) {
			t.Errorf("%s: error %v", c.Tpl, err)
			continue
		}
		if err != nil {
			continue
		}
		if got, err := Repr(v); err != nil || got != *c.Out {
			t.Errorf("%s gave %s (%v), want %s", c.Tpl, got, err, *c.Out)
		}
	}
}
