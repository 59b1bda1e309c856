package compile

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

//go:embed builtin
var builtinFiles embed.FS

// builtinMacros parses the macros that come with tiendi, once.
var builtinMacros = sync.OnceValues(func() ([]*macroDef, error) {
	var all []*macroDef
	err := fs.WalkDir(builtinFiles, "builtin", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(builtinFiles, name)
		if err != nil {
			return err
		}
		pkg := corePackage
		if path.Base(path.Dir(name)) == "clickhouse" {
			pkg = adapterPackage
		}
		file := project.File{Package: pkg, Path: strings.TrimPrefix(name, "builtin/"), Raw: string(text)}
		macros, err := parseMacroFile(file)
		all = append(all, macros...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("builtin macros: %w", err)
	}
	return all, nil
})

// parseMacroFile gives the macros, tests and materializations of a file in the
// order of the text.
func parseMacroFile(f project.File) ([]*macroDef, error) {
	t, err := jinja.Parse(f.Path, f.Raw)
	if err != nil {
		return nil, err
	}
	calls := map[string][]jinja.CallSite{}
	for _, site := range t.Calls() {
		calls[site.Definition] = append(calls[site.Definition], site)
	}
	var macros []*macroDef
	for _, d := range t.Definitions() {
		switch d.Kind {
		case jinja.KindMacro, jinja.KindTest, jinja.KindMaterialization:
			macros = append(macros, &macroDef{def: d, calls: calls[d.Name], Macro: &Macro{
				UniqueID: "macro." + f.Package + "." + d.Name, Package: f.Package, Name: d.Name,
				Path: f.Path, Place: placeOf(d.Place), Raw: d.Source,
			}})
		}
	}
	return macros, nil
}

func placeOf(p jinja.Place) project.Place {
	return project.Place{File: p.File, Line: p.Line, Column: p.Column}
}
