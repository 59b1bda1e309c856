package project

import (
	"context"
)

// Options says what to read.
type Options struct {
	Dir         string // the folder that holds dbt_project.yml
	PackagesDir string // where packages are installed; "" as packages-install-path says

	// Render gives the value of a YAML string that holds Jinja; it is called
	// for such strings only, from several goroutines at once. Nil leaves the
	// strings as they are written.
	Render Render
}

// Render gives the native value of a YAML string that holds Jinja: whole
// numbers as int64, others as float64, then bool, nil, string, []any and
// map[string]any, as Jinja's native environment would have it.
type Render func(text string, scope Scope) (any, error)

// Scope says where a YAML string stands, which decides what Jinja may use.
type Scope struct {
	Place   Place
	Package string // "" while project and package files are read: target, env_var and --vars only

	// Vars are the vars of dbt_project.yml that hold in Package, the root
	// project's before the package's own; --vars are not among them.
	Vars map[string]any
}

// Project is a root project with its installed packages, as the files say.
type Project struct {
	Packages []*Package // the root project first, then the others by name
	Nodes    []*Node    // by unique id: models, seeds, analyses, tests, sources, exposures, …
	Macros   []File     // files of macros and of generic tests, by package and path
	Docs     []File     // .md files, with their Raw
	Patches  []MacroPatch
	Groups   []Group

	// Selectors is selectors.yml as plain values, rendered; nil without it.
	Selectors []any

	// Warnings are what dbt only warns of: none of them stops a run.
	Warnings Problems

	// Incomplete says that there are problems in its files: what these define
	// may be missing here.
	Incomplete bool

	fingerprint string
}

// Root is the root project's package.
func (p *Project) Root() *Package { return p.Packages[0] }

// Package finds an installed package, the root project among them; nil when
// there is none of that name.
func (p *Project) Package(name string) *Package {
	for _, pkg := range p.Packages {
		if pkg.Name == name {
			return pkg
		}
	}
	return nil
}

// Load reads the project in o.Dir, its packages and all files that they name.
// Everything that is wrong comes back at once as a Problems error.
func Load(ctx context.Context, o Options) (*Project, error) {
	p, opened := Open(ctx, o)
	if p == nil {
		return nil, opened
	}
	if err := JoinProblems(opened, p.Read(ctx, o)); err != nil {
		return nil, err
	}
	return p, nil
}
