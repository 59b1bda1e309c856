package project_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestCleanPlan(t *testing.T) {
	outside := t.TempDir()
	dir, err := filepath.EvalSymlinks(unpackText(t, "-- dbt_project.yml --\nname: shop\nclean-targets: [target, dbt_packages, missing]\n-- target/a/b.sql --\n-- dbt_packages/x/y --\n-- models/a.sql --\nselect 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": outside, "inner": "target"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	pkg := load(t, dir).Root()
	plan, err := pkg.CleanPlan()
	if want := []string{filepath.Join(dir, "target"), filepath.Join(dir, "dbt_packages")}; err != nil || !reflect.DeepEqual(plan, want) {
		t.Errorf("got %v, %v", plan, err)
	}
	pkg.CleanTargets = []string{"link", "inner/a"}
	plan, err = pkg.CleanPlan()
	if want := []string{filepath.Join(dir, "link"), filepath.Join(dir, "target", "a")}; err != nil || !reflect.DeepEqual(plan, want) {
		t.Errorf("a link is removed, what it names is not: got %v, %v", plan, err)
	}
	if err := os.Mkdir(filepath.Join(outside, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		".": "inside the project", "..": "inside the project", "/": "inside the project", "../other": "inside the project", outside: "inside the project",
		"link/x": "inside the project", "models": "holds files of the project", "models/staging": "holds files of the project",
		"target/../models": "holds files of the project", ".git": "holds files of the project", "dbt_project.yml": "holds files of the project",
	} {
		pkg.CleanTargets = []string{"target", target}
		if plan, err := pkg.CleanPlan(); err == nil || plan != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want %q", target, plan, err, want)
		}
	}
}
