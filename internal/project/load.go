package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Open reads dbt_project.yml and its packages and lists their files with what
// stat says of them, reading none: enough to know whether anything changed
// since a cache was written (see Fingerprint). Where it could read on in spite
// of problems, the project comes with the error, so that Read can find more.
func Open(ctx context.Context, o Options) (*Project, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("project folder %s: %w", o.Dir, err)
	}
	op := &opening{ctx: ctx, call: o.Render, root: dir, byName: map[string]*Package{}}
	root := op.open(dir, "")
	if root == nil {
		return nil, op.problems.Err()
	}
	op.installed(root, o.PackagesDir)
	op.declared(root)
	p := &Project{Packages: op.packages(root), Warnings: op.warnings}
	p.Selectors = op.selectors(root)
	for _, pkg := range p.Packages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.problems = append(op.problems, pkg.listFiles()...)
	}
	p.Warnings = append(p.Warnings, p.versionWarnings()...)
	p.fingerprint = p.sum()
	return p, op.problems.Err()
}

// opening is the state of reading project and package files.
type opening struct {
	ctx      context.Context
	call     Render
	root     string
	byName   map[string]*Package
	problems Problems
	warnings Problems
}

// shown gives a file's path as places have it.
func (op *opening) shown(file string) string {
	rel, err := filepath.Rel(op.root, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

func (op *opening) fail(at Place, hint, format string, args ...any) {
	op.problems = append(op.problems, Problem{Place: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// document reads a YAML file; nil without an error when there is none.
func (op *opening) document(file string) (*document, []byte) {
	d := &document{file: op.shown(file)}
	text, err := readBounded(file, maxYAMLBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		op.fail(Place{File: d.file}, "", "cannot be read: %v", err)
		return nil, nil
	}
	return d, text
}

func (op *opening) finish(d *document) {
	op.problems = append(op.problems, d.problems...)
	op.warnings = append(op.warnings, d.warnings...)
}

// open reads one dbt_project.yml; name is what the folder is expected to
// hold, for the message. It gives nil when there is nothing to go on with.
func (op *opening) open(dir, name string) *Package {
	d, text := op.document(filepath.Join(dir, ProjectFile))
	if d == nil {
		hint := "go to the project's folder, name it with --project-dir, or make a project with: tiendi init"
		if name != "" {
			hint = "look at the path of package " + name
		}
		op.fail(Place{File: op.shown(filepath.Join(dir, ProjectFile))}, hint, "there is no %s in %s", ProjectFile, dir)
		return nil
	}
	pkg := readProjectFile(d, text, dir, op.call)
	if dir != op.root {
		pkg.shown = op.shown(dir)
	}
	op.finish(d)
	if pkg.Name == "" {
		return nil
	}
	if other := op.byName[pkg.Name]; other != nil {
		if other.Root != pkg.Root {
			op.fail(Place{File: d.file, Line: 1}, "rename one of them", "package %s stands in two folders: %s and %s", pkg.Name, other.Root, pkg.Root)
		}
		return nil
	}
	op.byName[pkg.Name] = pkg
	return pkg
}

// packages lists what was opened, the root first.
func (op *opening) packages(root *Package) []*Package {
	list := []*Package{root}
	for _, name := range sortedKeys(op.byName) {
		if pkg := op.byName[name]; pkg != root {
			list = append(list, pkg)
		}
	}
	return list
}

// installed opens every package of the folder that packages are installed in.
func (op *opening) installed(root *Package, dir string) {
	if dir == "" {
		dir = filepath.Join(root.Root, filepath.FromSlash(root.PackagesInstallPath))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // nothing is installed; declared says so where it matters
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, e := range entries {
		folder, err := filepath.EvalSymlinks(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		if _, err := os.Stat(filepath.Join(folder, ProjectFile)); err == nil {
			op.open(folder, e.Name())
		}
	}
}

// selectors reads selectors.yml of the root project.
func (op *opening) selectors(root *Package) []any {
	d, text := op.document(filepath.Join(root.Root, "selectors.yml"))
	if d == nil {
		return nil
	}
	defer op.finish(d)
	top := d.parse(text)
	if top == nil {
		return nil
	}
	r := renderer{doc: d, call: op.call}
	r.render(top, nil, never)
	f := d.fields(top, "selectors.yml")
	if f == nil {
		return nil
	}
	f.known(true, "version", "selectors")
	if f.find("selectors") == nil {
		return nil
	}
	for _, n := range f.list("selectors") {
		if s := d.fields(n, "a selector"); s != nil {
			s.known(true, "name", "description", "default", "definition")
			s.required("name")
			s.required("definition")
		}
	}
	list, _ := plain(f.find("selectors")).([]any)
	return list
}
