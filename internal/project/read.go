package project

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"
)

// reading is what the files of one project say before it is put together.
type reading struct {
	project *Project
	call    Render
	files   []*File
	nodes   []*Node       // by file; nil where a file is no node
	said    []*properties // by file; nil for what is no properties file
	trouble []Problems    // by file
}

// Read reads the files that Open listed and fills Nodes, Macros, Docs,
// Patches, Groups and Warnings.
func (p *Project) Read(ctx context.Context, o Options) error {
	r := &reading{project: p, call: o.Render}
	for _, pkg := range p.Packages {
		for i := range pkg.Files {
			r.files = append(r.files, &pkg.Files[i])
		}
	}
	r.nodes = make([]*Node, len(r.files))
	r.said = make([]*properties, len(r.files))
	r.trouble = make([]Problems, len(r.files))
	if err := r.all(ctx); err != nil {
		return err
	}
	return r.assemble()
}

// batch is how many files one goroutine takes at a time.
const batch = 64

// all reads every file, a batch a goroutine, as many at once as there are
// processors.
func (r *reading) all(ctx context.Context) error {
	vars := map[string]map[string]any{}
	for _, pkg := range r.project.Packages {
		vars[pkg.Name] = r.project.VarsFor(pkg.Name)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(r.files); from += batch {
		g.Go(func() error {
			for i := from; i < min(from+batch, len(r.files)); i++ {
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("reading the project: %w", err)
				}
				r.one(i, vars[r.files[i].Package])
			}
			return nil
		})
	}
	return g.Wait()
}

// one reads the file at i.
func (r *reading) one(i int, vars map[string]any) {
	f := r.files[i]
	pkg := r.project.Package(f.Package)
	at := Place{File: pkg.show(f.Path)}
	fail := func(err error) {
		r.trouble[i] = append(r.trouble[i], Problem{Place: at, Message: fmt.Sprintf("cannot be read: %v", err)})
	}
	switch f.Kind {
	case FileSnapshot:
		return
	case FileSeed:
		if err := f.sumSeed(); err != nil {
			fail(err)
			return
		}
	case FileProperties:
		text, err := readSized(f.name(), f.Size, maxYAMLBytes)
		if err != nil {
			fail(err)
			return
		}
		f.Checksum = checksum(text)
		scope := Scope{Package: f.Package, Vars: vars}
		r.said[i] = readProperties(&document{file: at.File}, text, pkg, f, renderer{call: r.call, scope: scope})
		return
	default:
		if strings.EqualFold(path.Ext(f.Path), ".py") {
			return
		}
		if err := f.readText(); err != nil {
			fail(err)
			return
		}
	}
	r.nodes[i] = fileNode(pkg, f)
}

// fileNode makes the node that a file is; nil for macros and docs.
func fileNode(pkg *Package, f *File) *Node {
	kind := map[FileKind]Kind{FileModel: Model, FileSeed: Seed, FileAnalysis: Analysis, FileTest: Test}[f.Kind]
	if kind == "" {
		return nil
	}
	name := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	n := &Node{
		Kind: kind, Package: pkg.Name, Name: name, FQN: fqn(pkg, below(f.Path, f.Base), name),
		UniqueID: string(kind) + "." + pkg.Name + "." + name,
		Root:     pkg.Root, Path: f.Path, Place: Place{File: pkg.show(f.Path), Line: 1, Column: 1},
		Raw: f.Raw, Checksum: f.Checksum,
	}
	if kind == Analysis { // dbt keeps them apart from models of the same path
		n.FQN = append([]string{pkg.Name, "analysis"}, n.FQN[1:]...)
	}
	if kind == Test {
		n.Test = &TestNode{FileName: path.Base(f.Path)}
	}
	return n
}

// fqn is the package, the folders of a path, and a name.
func fqn(pkg *Package, relative, name string) []string {
	list := []string{pkg.Name}
	if dir := path.Dir(relative); dir != "." {
		list = append(list, strings.Split(dir, "/")...)
	}
	return append(list, name)
}

// assemble puts together what the files say.
func (r *reading) assemble() error {
	p := r.project
	a := &assembly{project: p, described: map[*Node]Place{}, index: map[string][]*Node{}}
	for i, f := range r.files {
		a.problems = append(a.problems, r.trouble[i]...)
		a.file(f, r.nodes[i])
	}
	for _, said := range r.said {
		if said != nil {
			a.take(said)
		}
	}
	a.notices(r.files)
	a.settle()
	sort.SliceStable(p.Nodes, func(i, j int) bool { return p.Nodes[i].UniqueID < p.Nodes[j].UniqueID })
	p.Warnings = append(append(p.Warnings, a.warnings...), p.unusedConfig()...)
	if sorted, ok := p.Warnings.Err().(Problems); ok {
		p.Warnings = sorted
	}
	p.Incomplete = len(a.problems) > 0
	return a.problems.Err()
}
