package project

import (
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// ProjectFile is the name of the file that makes a folder a project.
const ProjectFile = "dbt_project.yml"

// projectKeys are the keys of dbt_project.yml.
var projectKeys = []string{
	"name", "version", "config-version", "profile", "project-root", "require-dbt-version", "restrict-access",
	"model-paths", "seed-paths", "test-paths", "analysis-paths", "macro-paths", "snapshot-paths",
	"docs-paths", "asset-paths", "function-paths", "target-path", "log-path", "packages-install-path", "clean-targets",
	"models", "seeds", "snapshots", "tests", "data_tests", "unit_tests", "sources", "metrics", "semantic-models",
	"saved-queries", "exposures", "analyses", "functions", "vars", "on-run-start", "on-run-end", "dispatch",
	"quoting", "query-comment", "flags", "dbt-cloud", "source-paths", "data-paths",
}

// treeKeys are the sections with config trees, by the name that Trees has.
var treeKeys = map[string]string{
	"models": "models", "seeds": "seeds", "snapshots": "snapshots", "tests": "tests", "data_tests": "tests",
	"unit_tests": "unit_tests", "sources": "sources", "metrics": "metrics", "semantic-models": "semantic-models",
	"saved-queries": "saved-queries", "exposures": "exposures", "analyses": "analyses", "functions": "functions",
}

var identifier = lazyregexp.New(`^[^\d\W]\w*$`)

// unrendered says which values of dbt_project.yml keep their Jinja: vars, the
// query comment and hooks, which are rendered when they are used.
func unrendered(path []string) bool {
	switch path[0] {
	case "vars", "query-comment", "on-run-start", "on-run-end":
		return true
	}
	if _, tree := treeKeys[path[0]]; tree {
		switch strings.TrimLeft(path[len(path)-1], "+ ") {
		case "pre-hook", "post-hook", "pre_hook", "post_hook":
			return true
		}
	}
	return false
}

// readProjectFile reads dbt_project.yml in root; the package is usable as far
// as no problems were found.
func readProjectFile(d *document, text []byte, root string, call Render) *Package {
	p := &Package{Root: root, Trees: map[string]map[string]any{}, levels: map[string]*configLevel{}}
	top := d.parse(text)
	if top == nil {
		if len(d.problems) == 0 {
			d.problem(nil, "it needs at least name:", "the file is empty")
		}
		return p
	}
	r := renderer{doc: d, call: call}
	if resolved(top).Kind == yaml.MappingNode {
		r.render(top, nil, unrendered)
	}
	f := d.fields(top, ProjectFile)
	if f == nil {
		return p
	}
	f.known(true, projectKeys...)
	p.identity(f)
	p.paths(f)
	p.behaviour(f)
	p.trees(f)
	return p
}

// identity reads what the project is called and what it asks for.
func (p *Package) identity(f *fields) {
	if f.required("name") {
		p.Name = f.text("name")
		if !identifier().MatchString(p.Name) {
			f.doc.problem(f.find("name"), "use letters, digits and underscores, and begin with a letter", "%q cannot be the name of a project", p.Name)
		}
	}
	if contains(reservedNames, p.Name) {
		f.doc.problem(f.find("name"), "choose another", "%q cannot be the name of a project: Jinja has a meaning for it", p.Name)
	}
	p.Version = f.text("version")
	p.Profile = f.text("profile")
	p.ConfigVersion = 2
	if f.find("config-version") != nil {
		if p.ConfigVersion = f.count("config-version"); p.ConfigVersion != 2 {
			f.doc.problem(f.find("config-version"), "write config-version: 2", "config-version %d is not supported", p.ConfigVersion)
		}
	}
	for _, v := range f.texts("require-dbt-version") {
		for _, one := range strings.Split(v, ",") {
			p.RequireVersion = append(p.RequireVersion, strings.TrimSpace(one))
		}
	}
}

// paths reads where things stand.
func (p *Package) paths(f *fields) {
	p.ModelPaths = p.pathList(f, "model-paths", "source-paths", "models")
	p.SeedPaths = p.pathList(f, "seed-paths", "data-paths", "seeds")
	p.TestPaths = p.pathList(f, "test-paths", "", "tests")
	p.AnalysisPaths = p.pathList(f, "analysis-paths", "", "analyses")
	p.MacroPaths = p.pathList(f, "macro-paths", "", "macros")
	p.SnapshotPaths = p.pathList(f, "snapshot-paths", "", "snapshots")
	p.FunctionPaths = p.pathList(f, "function-paths", "", "functions")
	p.AssetPaths = p.pathList(f, "asset-paths", "")
	p.DocsPaths = p.pathList(f, "docs-paths", "", p.sourcePaths()...)
	p.TargetPath = orDefault(f.text("target-path"), "target")
	p.PackagesInstallPath = orDefault(f.text("packages-install-path"), "dbt_packages")
	p.CleanTargets = []string{p.TargetPath}
	if f.has("clean-targets") {
		p.CleanTargets = f.texts("clean-targets")
	}
}

// pathList reads a list of folders, by its former name where that is used.
func (p *Package) pathList(f *fields, key, former string, standard ...string) []string {
	if former != "" && f.find(former) != nil {
		f.doc.warn(f.find(former), "rename it", "%s is called %s now", former, key)
		if f.find(key) == nil {
			key = former
		}
	}
	if f.find(key) == nil {
		return standard
	}
	var list []string
	for _, one := range f.texts(key) {
		clean := filepath.ToSlash(filepath.Clean(one))
		if filepath.IsAbs(one) || clean == ".." || strings.HasPrefix(clean, "../") {
			f.doc.problem(f.find(key), "give it relative to the project's folder", "%s: %q is not a folder of the project", key, one)
			continue
		}
		if !contains(list, clean) {
			list = append(list, clean)
		}
	}
	return list
}

// sourcePaths are the folders that may hold properties files, each once.
func (p *Package) sourcePaths() []string {
	var all []string
	for _, list := range [][]string{p.ModelPaths, p.SeedPaths, p.SnapshotPaths, p.AnalysisPaths, p.MacroPaths, p.TestPaths, p.FunctionPaths} {
		for _, one := range list {
			if !contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

func orDefault(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}

// behaviour reads vars, hooks, dispatch and flags.
func (p *Package) behaviour(f *fields) {
	if f.mapping("vars") != nil {
		p.Vars = vars(f.find("vars"))
	}
	p.OnRunStart = f.texts("on-run-start")
	p.OnRunEnd = f.texts("on-run-end")
	p.Quoting = f.mapping("quoting")
	p.Flags = f.mapping("flags")
	if n := f.find("query-comment"); n != nil {
		p.QueryComment = plain(n)
	}
	for _, n := range f.list("dispatch") {
		d := f.doc.fields(n, "dispatch")
		if d == nil {
			continue
		}
		d.known(true, "macro_namespace", "search_order")
		if d.required("macro_namespace") && d.required("search_order") {
			p.Dispatch = append(p.Dispatch, Dispatch{Namespace: d.text("macro_namespace"), SearchOrder: d.texts("search_order")})
		}
	}
}

// trees reads the config trees and where their keys stand.
func (p *Package) trees(f *fields) {
	if f.find("tests") != nil && f.find("data_tests") != nil {
		f.doc.problem(f.find("tests"), "keep data_tests", "tests and data_tests are the same section: only one may be there")
	}
	for _, e := range f.entries {
		section, ok := treeKeys[e.key]
		if !ok || f.find(e.key) == nil {
			continue
		}
		if tree := f.mapping(e.key); tree != nil {
			p.Trees[section] = tree
			p.levels[section] = newConfigLevel(f.doc, e.value, section)
		}
	}
}
