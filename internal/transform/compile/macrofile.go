package compile

import (
	"context"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// parsedFile is what a file of macros or of docs holds, or what is wrong in it.
type parsedFile struct {
	macros  []*macroDef
	docs    []*Doc
	problem *project.Problem
}

func macrosInFile(f project.File) parsedFile {
	macros, err := parseMacroFile(f)
	if err != nil {
		problem := problemOf(err, "")
		return parsedFile{problem: &problem}
	}
	return parsedFile{macros: macros}
}

// docsInFile gives the docs blocks of a Markdown file. Their text is rendered
// without any context, as dbt has it, so that raw blocks can quote Jinja.
func docsInFile(f project.File) parsedFile {
	blocks, err := jinja.Docs(f.Path, f.Raw)
	if err != nil {
		problem := problemOf(err, "")
		return parsedFile{problem: &problem}
	}
	docs := make([]*Doc, len(blocks))
	for i, d := range blocks {
		text, err := renderAlone(f.Path, d.Contents)
		if err != nil {
			problem := problemOf(err, "the docs block "+d.Name)
			problem.Place = placeOf(d.Place)
			return parsedFile{problem: &problem}
		}
		docs[i] = &Doc{
			UniqueID: "doc." + f.Package + "." + d.Name, Package: f.Package, Name: d.Name,
			Path: f.Path, Contents: strings.TrimSpace(text),
		}
	}
	return parsedFile{docs: docs}
}

// renderAlone renders text that may name nothing.
func renderAlone(file, source string) (string, error) {
	if !hasJinja(source) {
		return source, nil
	}
	t, err := jinja.Parse(file, source)
	if err != nil {
		return "", err
	}
	return t.Render(context.Background(), jinja.Map{}, jinja.Options{})
}
