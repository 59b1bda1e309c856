package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// semantic reads the project's metrics and checks them.
func (s *session) semantic() (*semantic.Manifest, error) {
	files, err := s.semanticFiles()
	if err != nil {
		return nil, err
	}
	return semantic.Load(files, s.modelRelations(), s.options.YAML(), semantic.Options{TimeZone: s.stringVar("timezone", "UTC")})
}

// writeSemantic writes the metrics as MetricFlow's semantic_manifest.json.
func (s *session) writeSemantic(man *semantic.Manifest) error {
	text, err := man.JSON()
	if err != nil {
		return fmt.Errorf("semantic manifest: %w", err)
	}
	return compile.WriteArtifact(s.targetDir(), "semantic_manifest.json", text)
}

// semanticFiles are the properties files that say something of metrics, read
// whole: the parsed project keeps their values, but not where each stands.
func (s *session) semanticFiles() ([]semantic.File, error) {
	type key struct{ pkg, path string }
	seen := map[key]bool{}
	for _, n := range s.manifest.Others {
		switch n.Kind {
		case project.Metric, project.Semantic, project.SavedQuery:
			seen[key{n.Package, n.Path}] = true
		}
	}
	for _, n := range s.manifest.Nodes {
		extra, _ := n.Extra.(map[string]any)
		if extra["semantic_model"] != nil || extra["time_spine"] != nil {
			seen[key{n.PatchPackage, n.PatchPath}] = true
		}
	}
	var files []semantic.File
	for k := range seen {
		name := filepath.Join(s.manifest.Project.Package(k.pkg).Root, filepath.FromSlash(k.path))
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the metrics: %w", err)
		}
		shown := name
		if rel, err := filepath.Rel(s.manifest.Project.Root().Root, name); err == nil {
			shown = filepath.ToSlash(rel)
		}
		files = append(files, semantic.File{Path: shown, Text: text, Scope: project.Scope{Package: k.pkg, Vars: s.manifest.Project.VarsFor(k.pkg)}})
	}
	slices.SortFunc(files, func(a, b semantic.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// modelRelations finds where the models are built.
func (s *session) modelRelations() semantic.Relation {
	byName := map[string]*project.Node{}
	for _, n := range s.manifest.Nodes {
		switch n.Kind {
		case project.Model, project.Seed, project.Snapshot:
			if n.Version == "" || n.Version == n.Latest {
				byName[n.Name] = n
			}
			byName[n.Name+".v"+n.Version] = n
		}
	}
	return func(ref project.Ref) (project.Relation, bool) {
		n := byName[ref.Name]
		if ref.Version != "" {
			n = byName[ref.Name+".v"+ref.Version]
		}
		if n == nil || ref.Package != "" && n.Package != ref.Package || n.Relation.Identifier == "" {
			return project.Relation{}, false
		}
		return n.Relation, true
	}
}
