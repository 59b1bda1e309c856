package project

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// Bounds of a package's tree, so that a path that names a whole disk ends
// with a message.
const (
	maxFiles       = 500_000
	maxFolderDepth = 64
)

// place is one folder that holds files of one kind.
type place struct {
	kind       FileKind
	base       string
	extensions []string
}

// searchPlaces lists where a package keeps which files.
func (p *Package) searchPlaces() []place {
	var list []place
	add := func(kind FileKind, bases []string, extensions ...string) {
		for _, b := range bases {
			list = append(list, place{kind, b, extensions})
		}
	}
	var generic []string
	for _, t := range p.TestPaths {
		generic = append(generic, path.Join(t, "generic"))
	}
	add(FileMacro, p.MacroPaths, ".sql")
	add(FileGenericTest, generic, ".sql")
	add(FileModel, p.ModelPaths, ".sql", ".py")
	add(FileSnapshot, p.SnapshotPaths, ".sql")
	add(FileAnalysis, p.AnalysisPaths, ".sql")
	add(FileTest, p.TestPaths, ".sql")
	add(FileSeed, p.SeedPaths, ".csv")
	add(FileDocs, p.DocsPaths, ".md")
	add(FileProperties, p.sourcePaths(), ".yml", ".yaml")
	return list
}

// walker lists the files of one package.
type walker struct {
	pkg      *Package
	places   []place
	ignore   ignoreRules
	skip     []string // folders never entered
	files    []File
	problems Problems
}

// listFiles fills p.Files: every file below the paths, by path. Folders that
// are symlinks are not entered (a loop would never end, and dbt does not
// either); files that are symlinks are read.
func (p *Package) listFiles() Problems {
	w := &walker{pkg: p, places: p.searchPlaces()}
	w.skip = []string{path.Clean(filepath.ToSlash(p.TargetPath)), path.Clean(filepath.ToSlash(p.PackagesInstallPath)), ".git"}
	if text, err := readBounded(filepath.Join(p.Root, ".dbtignore"), maxYAMLBytes); err == nil {
		w.ignore = parseIgnore(string(text))
	}
	for _, base := range outermost(w.places) {
		w.folder(base, 0)
	}
	sort.SliceStable(w.files, func(i, j int) bool { return w.files[i].Path < w.files[j].Path })
	p.Files = w.files
	return w.problems
}

// outermost gives the bases that lie in no other base, each once.
func outermost(places []place) []string {
	var bases []string
	for _, a := range places {
		inside := contains(bases, a.base)
		for _, b := range places {
			inside = inside || a.base != b.base && within(a.base, b.base)
		}
		if !inside {
			bases = append(bases, a.base)
		}
	}
	return bases
}

// within says whether a path lies in a folder or is that folder.
func within(p, folder string) bool {
	return folder == "." || p == folder || strings.HasPrefix(p, folder+"/")
}

func (w *walker) problem(file string, err error) {
	w.problems = append(w.problems, Problem{Place: Place{File: w.pkg.show(file)}, Message: fmt.Sprintf("cannot be read: %v", err)})
}

func (w *walker) folder(dir string, depth int) {
	if contains(w.skip, dir) {
		return
	}
	entries, err := os.ReadDir(filepath.Join(w.pkg.Root, filepath.FromSlash(dir)))
	if err != nil {
		if !os.IsNotExist(err) || depth > 0 {
			w.problem(dir, err)
		}
		return
	}
	if depth > maxFolderDepth || len(w.files) > maxFiles {
		w.problem(dir, fmt.Errorf("more than %d folders deep or %d files: look at the paths in %s", maxFolderDepth, maxFiles, ProjectFile))
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.IsDir() {
			w.folder(name, depth+1)
			continue
		}
		w.file(name, e)
	}
}

func (w *walker) file(name string, e fs.DirEntry) {
	if strings.ContainsAny(e.Name()[:1], ".#~") {
		return
	}
	found := w.kindsOf(name)
	if len(found) == 0 || w.ignore.ignores(name) {
		return
	}
	info, err := e.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = os.Stat(filepath.Join(w.pkg.Root, filepath.FromSlash(name)))
	}
	if err != nil {
		w.problem(name, err)
		return
	}
	if !info.Mode().IsRegular() {
		return
	}
	for _, at := range found {
		w.files = append(w.files, File{
			Package: w.pkg.Name, Kind: at.kind, Path: name, Base: at.base, Root: w.pkg.Root,
			Size: info.Size(), ModTime: info.ModTime(), Inode: inodeOf(info),
		})
	}
}

// kindsOf says what a file is read as; the innermost base of a kind counts.
func (w *walker) kindsOf(name string) []place {
	ext := strings.ToLower(path.Ext(name))
	var found []place
next:
	for _, at := range w.places {
		if !contains(at.extensions, ext) || !within(name, at.base) {
			continue
		}
		if at.kind == FileTest && aside(name, at.base) {
			continue
		}
		for i, f := range found {
			if f.kind == at.kind {
				if len(at.base) > len(f.base) {
					found[i] = at
				}
				continue next
			}
		}
		found = append(found, at)
	}
	return found
}

// aside says whether a file below a test path is no singular test.
func aside(name, base string) bool {
	first, _, below := strings.Cut(below(name, base), "/")
	return below && (first == "generic" || first == "fixtures")
}

// below gives a path from the folder that it lies in.
func below(name, base string) string {
	if base == "." {
		return name
	}
	return strings.TrimPrefix(name, base+"/")
}

// show gives a path of the package as places have it.
func (p *Package) show(file string) string {
	if p.shown == "" {
		return file
	}
	return path.Join(p.shown, file)
}
