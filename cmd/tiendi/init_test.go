package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWriteProject(t *testing.T) {
	files := fstest.MapFS{
		"dbt_project.yml":       {Data: []byte("name: tiendi\n")},
		"models/marts/a.sql":    {Data: []byte("select 1\n")},
		"profiles.example.yaml": {Data: []byte("tiendi: {}\n")},
	}
	dir := filepath.Join(t.TempDir(), "shop")
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := writeProject(dir, files); err != nil {
		t.Fatal(err)
	}
	if read("models/marts/a.sql") != "select 1\n" || read("dbt_project.yml") != "name: tiendi\n" || !strings.Contains(read(".gitignore"), "profiles.yaml") {
		t.Error("the files are not what the binary holds")
	}

	// What a killed init left behind is completed.
	for _, name := range []string{"dbt_project.yml", "profiles.example.yaml"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "dbt_project.yml"+writing), []byte("na"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeProject(dir, files); err != nil || read("dbt_project.yml") != "name: tiendi\n" {
		t.Errorf("a second init must complete the first: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "dbt_project.yml"+writing)); !os.IsNotExist(err) {
		t.Errorf("an unfinished file is left: %v", err)
	}

	// What somebody wrote is never touched.
	for name, text := range map[string]string{"models/marts/a.sql": "select 2\n", "notes.txt": "mine"} {
		file := filepath.Join(dir, name)
		before, _ := os.ReadFile(file)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := writeProject(dir, files); err == nil || !strings.Contains(err.Error(), "there is "+name) {
			t.Errorf("%s: got %v", name, err)
		}
		if read(name) != text {
			t.Errorf("%s was overwritten", name)
		}
		if before == nil {
			_ = os.Remove(file)
			continue
		}
		if err := os.WriteFile(file, before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWriteProjectBesideGit(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".git", "objects"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".git", "HEAD"), []byte("ref"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeProject(dir, fstest.MapFS{"dbt_project.yml": {Data: []byte("name: a\n")}}); err != nil {
		t.Errorf("a fresh repository is empty: %v", err)
	}
}
