package project

import "time"

// Package is one dbt_project.yml, read: the root project's or a package's.
type Package struct {
	Name          string
	Version       string
	Profile       string
	Root          string // absolute folder
	ConfigVersion int

	ModelPaths, SeedPaths, TestPaths, AnalysisPaths, MacroPaths []string
	SnapshotPaths, DocsPaths, AssetPaths, FunctionPaths         []string

	TargetPath          string // relative to Root as written, default "target"
	CleanTargets        []string
	PackagesInstallPath string // default "dbt_packages"
	RequireVersion      []string

	// Vars is the vars block as written (not rendered, as dbt has it); entries
	// that name a package hold that package's own vars.
	Vars map[string]any

	OnRunStart, OnRunEnd []string
	Dispatch             []Dispatch
	Quoting              map[string]any
	QueryComment         any // string, map or nil
	Flags                map[string]any

	// Trees are the config trees by section: models, seeds, snapshots, tests,
	// sources, metrics, exposures, semantic-models, saved-queries, analyses,
	// functions, unit_tests. data_tests stand under tests.
	Trees map[string]map[string]any

	// Files are all files below the paths, with what their stat says, by path.
	Files []File

	shown  string                  // the folder as it stands in places: "" for the root project
	levels map[string]*configLevel // Trees, ready for resolving
}

// Dispatch is one entry of dispatch: macros of Namespace are looked for in
// the packages of SearchOrder.
type Dispatch struct {
	Namespace   string
	SearchOrder []string
}

// FileKind says what a file of a project is read as.
type FileKind string

// The kinds of files.
const (
	FileModel       FileKind = "model"
	FileSeed        FileKind = "seed"
	FileTest        FileKind = "test"         // a singular test
	FileGenericTest FileKind = "generic_test" // read as a macro file
	FileAnalysis    FileKind = "analysis"
	FileMacro       FileKind = "macro"
	FileSnapshot    FileKind = "snapshot"
	FileProperties  FileKind = "properties"
	FileDocs        FileKind = "docs"
)

// File is one file of a package. Raw is set once it is read, and never for
// seeds and properties.
type File struct {
	Package  string
	Kind     FileKind
	Path     string // from the package's root, with slashes
	Base     string // the configured path it was found under, with slashes
	Root     string // the package's absolute root
	Size     int64
	ModTime  time.Time
	Inode    uint64 // 0 where the system has none
	Raw      string
	Checksum string // sha256 of the content, hex, once read
}

// MacroPatch is what properties say of a macro.
type MacroPatch struct {
	Package, Name, Description string
	Arguments                  []MacroArgument
	Meta, Docs                 map[string]any
	Place                      Place
	Path                       string // of the properties file, from the package's root
}

// MacroArgument documents one argument of a macro.
type MacroArgument struct{ Name, Type, Description string }

// Group is a named owner of nodes.
type Group struct {
	Package, Name string
	Owner         map[string]any
	Place         Place
	Path          string
}
