package project

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// declared opens the packages that a package's packages.yml or
// dependencies.yml names, and theirs.
func (op *opening) declared(pkg *Package) {
	for _, name := range []string{"packages.yml", "dependencies.yml"} {
		d, text := op.document(filepath.Join(pkg.Root, name))
		if d == nil {
			continue
		}
		top := d.parse(text)
		if top != nil {
			if name == "packages.yml" { // dbt renders only this one
				r := renderer{doc: d, call: op.call}
				r.render(top, nil, never)
			}
			op.declaredIn(d, top, pkg)
		}
		op.finish(d)
	}
}

func (op *opening) declaredIn(d *document, top *yaml.Node, pkg *Package) {
	f := d.fields(top, path.Base(d.file))
	if f == nil {
		return
	}
	f.known(true, "packages", "projects", "sha1_hash")
	if len(f.list("projects")) > 0 {
		d.problem(f.find("projects"), "install the project as a package", "projects: refs across projects are not supported")
	}
	for _, n := range f.list("packages") {
		one := d.fields(n, "a package")
		if one == nil {
			continue
		}
		one.known(true, "local", "package", "version", "git", "tarball", "private", "provider", "revision", "subdirectory",
			"warn-unpinned", "install_prerelease", "name", "unrendered")
		if local := one.text("local"); local != "" {
			op.local(d, one, pkg, local)
		} else {
			op.remote(d, one)
		}
	}
}

// local opens a package of this disk: relative to the package that names it,
// else, as dbt has it, to the root project.
func (op *opening) local(d *document, f *fields, from *Package, local string) {
	dir := filepath.FromSlash(local)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(from.Root, filepath.FromSlash(local))
		if _, err := os.Stat(filepath.Join(dir, ProjectFile)); err != nil {
			dir = filepath.Join(op.root, filepath.FromSlash(local))
		}
	}
	dir = filepath.Clean(dir)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if _, err := os.Stat(filepath.Join(dir, ProjectFile)); err != nil {
		d.problem(f.find("local"), "give the folder relative to "+filepath.ToSlash(from.Root), "package %s: there is no %s in %s", local, ProjectFile, op.shown(dir))
		return
	}
	for _, pkg := range op.byName {
		if pkg.Root == dir {
			return
		}
	}
	if pkg := op.open(dir, local); pkg != nil {
		op.declared(pkg)
	}
}

// remote accepts a package of a hub or repository when it is already there.
func (op *opening) remote(d *document, f *fields) {
	for _, key := range []string{"package", "git", "private", "tarball"} {
		n := f.find(key)
		if n == nil {
			continue
		}
		name := strings.TrimSuffix(path.Base(strings.TrimRight(f.text(key), "/")), ".git")
		if key == "tarball" {
			name = f.text("name")
		}
		if sub := f.text("subdirectory"); sub != "" {
			name = path.Base(sub)
		}
		if op.byName[name] == nil && op.byName[strings.ReplaceAll(name, "-", "_")] == nil {
			d.problem(n, fmt.Sprintf("put a copy of it into the project and name that with - local: packages/%s", name),
				"package %s is not installed, and tiendi cannot fetch packages from a hub or a repository yet", f.text(key))
		}
		return
	}
	d.problem(f.node, "write - local: path/to/package", "a package must say where it is")
}
