package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// newInitCommand makes `tiendi init`: files is the project that it writes.
func newInitCommand(app *App, files fs.FS) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write the marketplace project into an empty folder",
		Long: "Writes the marketplace project (models, metrics, tests and an example of a profile)\n" +
			"into an empty folder, this one unless DIR names another. Files that are there\n" +
			"already are never overwritten.",
		Example: "  tiendi init shop",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			if err := writeProject(dir, files); err != nil {
				return err
			}
			sayNext(app, dir)
			return nil
		},
	}
}

func sayNext(app *App, dir string) {
	here := dir
	if filepath.Clean(dir) == "." {
		here = "this folder"
	}
	app.Console.Notice("The project stands in %s. Next:", here)
	if filepath.Clean(dir) != "." {
		app.Console.Notice("  cd %s", dir)
	}
	app.Console.Notice("  tiendi generate --out data && tiendi load data")
	app.Console.Notice("  tiendi build")
}

// gitignore keeps out of version control what tiendi writes, and passwords.
const gitignore = "target/\nlogs/\ndbt_packages/\n.tiendi/\nprofiles.yaml\nprofiles.yml\n"

// projectFile makes a folder a project; it is written last, so that a folder
// that was left half written is none, and the same command completes it.
const projectFile = "dbt_project.yml"

// writing marks a file that is not whole yet.
const writing = ".tiendi-writing"

// writeProject writes files into dir. Whatever else is there is an error,
// before anything is written.
func writeProject(dir string, files fs.FS) error {
	texts, names, err := projectTexts(files)
	if err != nil {
		return fmt.Errorf("init: read the project of this binary: %w", err)
	}
	if err := refuseOthers(dir, texts); err != nil {
		return err
	}
	for _, name := range names {
		if err := writeWhole(filepath.Join(dir, filepath.FromSlash(name)), texts[name]); err != nil {
			return fmt.Errorf("init: %w", err)
		}
	}
	return nil
}

// projectTexts reads all files, and their names in the order of writing.
func projectTexts(files fs.FS) (map[string][]byte, []string, error) {
	texts := map[string][]byte{".gitignore": []byte(gitignore)}
	names := []string{".gitignore"}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		texts[name], err = fs.ReadFile(files, name)
		names = append(names, name)
		return err
	})
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == projectFile:
			return 1
		case b == projectFile:
			return -1
		}
		return strings.Compare(a, b)
	})
	return texts, names, err
}

// refuseOthers reports what stands in dir that an earlier, unfinished init did
// not write.
func refuseOthers(dir string, texts map[string][]byte) error {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if name == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		want, ours := texts[strings.TrimSuffix(name, writing)]
		if ours && strings.HasSuffix(name, writing) {
			return nil
		}
		if got, err := os.ReadFile(path); ours && err == nil && bytes.Equal(got, want) {
			return nil
		}
		return fmt.Errorf("init: %s is not empty: there is %s\n  name an empty or a new folder: tiendi init shop", dir, name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// writeWhole writes a file so that it is there whole or not at all.
func writeWhole(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file+writing, text, 0o644); err != nil {
		return err
	}
	return os.Rename(file+writing, file)
}
