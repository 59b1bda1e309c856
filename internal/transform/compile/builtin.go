package compile

import (
	"context"
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
		macros, _, err := parseMacroFile(file)
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

// parseDocsFile gives the docs blocks of a Markdown file. Their text is
// rendered without any context, as dbt has it, so that raw blocks can quote
// Jinja.
func parseDocsFile(f project.File) ([]*Doc, error) {
	blocks, err := jinja.Docs(f.Path, f.Raw)
	if err != nil {
		return nil, err
	}
	docs := make([]*Doc, len(blocks))
	for i, d := range blocks {
		text := d.Contents
		if hasJinja(text) {
			if text, err = renderAlone(f.Path, text); err != nil {
				problem := problemOf(err, "the docs block "+d.Name)
				problem.Place = placeOf(d.Place)
				return nil, project.Problems{problem}
			}
		}
		docs[i] = &Doc{
			UniqueID: "doc." + f.Package + "." + d.Name, Package: f.Package, Name: d.Name,
			Path: f.Path, Contents: strings.TrimSpace(text),
		}
	}
	return docs, nil
}

func renderAlone(file, source string) (string, error) {
	t, err := jinja.Parse(file, source)
	if err != nil {
		return "", err
	}
	return t.Render(context.Background(), jinja.Map{}, jinja.Options{})
}

func placeOf(p jinja.Place) project.Place {
	return project.Place{File: p.File, Line: p.Line, Column: p.Column}
}
