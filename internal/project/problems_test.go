package project_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/tiendi/tiendi/internal/project"
)

var update = flag.Bool("update", false, "write what is there as what is wanted")

// TestProblems holds every project of testdata/problems against the problems
// and warnings that stand in its want file.
func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no projects to look at: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			want := unpack(t, archive, dir)
			got := strings.ReplaceAll(report(dir), dir, "DIR")
			if *update {
				archive.Files = append(withoutWant(archive.Files), txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func withoutWant(files []txtar.File) []txtar.File {
	var kept []txtar.File
	for _, f := range files {
		if f.Name != "want" {
			kept = append(kept, f)
		}
	}
	return kept
}

// unpack writes an archive's files and gives its want file.
func unpack(t *testing.T, archive *txtar.Archive, dir string) string {
	t.Helper()
	want := ""
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, bytes.TrimSuffix(f.Data, []byte("\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return want
}

// report is what a user sees of a project: its problems, then its warnings.
func report(dir string) string {
	o := project.Options{Dir: dir, Render: render}
	var out strings.Builder
	if _, err := project.Load(context.Background(), o); err != nil {
		out.WriteString(err.Error() + "\n")
	}
	p, _ := project.Open(context.Background(), o)
	if p == nil {
		return out.String()
	}
	_ = p.Read(context.Background(), o) // its problems are Load's
	for _, w := range p.Warnings {
		out.WriteString("warning: " + w.Error() + "\n")
	}
	return out.String()
}
