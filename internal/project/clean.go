package project

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// CleanPlan gives the folders that `clean` removes: the package's clean
// targets that exist, absolute. A target outside the project, one that holds
// the project's own files, or the project itself is an error, and then nothing
// is to be removed.
func (p *Package) CleanPlan() ([]string, error) {
	root, err := filepath.EvalSymlinks(p.Root)
	if err != nil {
		return nil, fmt.Errorf("clean: %w", err)
	}
	var plan []string
	for _, target := range p.CleanTargets {
		path, err := p.cleanTarget(root, target)
		if err != nil {
			return nil, fmt.Errorf("clean-targets: %q %w\n  nothing was removed", target, err)
		}
		if path != "" {
			plan = append(plan, path)
		}
	}
	return plan, nil
}

// cleanTarget checks one target; "" when there is nothing there.
func (p *Package) cleanTarget(root, target string) (string, error) {
	path := filepath.FromSlash(target)
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	path = filepath.Clean(path)
	if _, err := os.Lstat(path); err != nil {
		if !os.IsNotExist(err) {
			return "", fmt.Errorf("cannot be looked at: %w", err)
		}
		return "", p.mayClean(root, path)
	}
	// The last part may be a link, which is removed and not followed; those
	// above it say where it really stands.
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("cannot be looked at: %w", err)
	}
	path = filepath.Join(parent, filepath.Base(path))
	return path, p.mayClean(root, path)
}

func (p *Package) mayClean(root, path string) error {
	if path == root || !inFolder(path, root) {
		return fmt.Errorf("is not a folder inside the project %s", root)
	}
	kept := append([]string{ProjectFile, ".git", "packages.yml"}, p.sourcePaths()...)
	for _, name := range append(append(kept, p.DocsPaths...), p.AssetPaths...) {
		own := filepath.Join(root, filepath.FromSlash(name))
		if inFolder(own, path) || name != "." && inFolder(path, own) {
			return fmt.Errorf("holds files of the project (%s)", name)
		}
	}
	return nil
}

// inFolder says whether a path is a folder or lies below it.
func inFolder(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}
