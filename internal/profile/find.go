package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fileNames are what a profiles file may be called, ours first.
var fileNames = []string{"profiles.yaml", "profiles.yml"}

// maxFile bounds a profiles file, in bytes.
const maxFile = 1 << 20

// find gives the profiles file: that of --profiles-dir, TIENDI_PROFILES_DIR or
// DBT_PROFILES_DIR when one of these is set, else the first of the project's
// folder, ~/.tiendi and ~/.dbt that holds one; "" when none does.
func find(o Options) (string, error) {
	asked, by := o.ProfilesDir, "--profiles-dir"
	for _, name := range []string{"TIENDI_PROFILES_DIR", "DBT_PROFILES_DIR"} {
		if v, ok := o.LookupEnv(name); asked == "" && ok && v != "" {
			asked, by = v, name
		}
	}
	if asked != "" {
		file := fileIn(asked)
		if file == "" {
			return "", fmt.Errorf("there is no %s in %s, the folder that %s names\n  make one, or name another folder", strings.Join(fileNames, " or "), asked, by)
		}
		return file, nil
	}
	places := []string{o.ProjectDir}
	if o.HomeDir != "" {
		places = append(places, filepath.Join(o.HomeDir, ".tiendi"), filepath.Join(o.HomeDir, ".dbt"))
	}
	for _, dir := range places {
		if file := fileIn(dir); file != "" && dir != "" {
			return file, nil
		}
	}
	return "", nil
}

func fileIn(dir string) string {
	for _, name := range fileNames {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			return file // one that cannot be read is reported when it is
		}
	}
	return ""
}

// withoutFile settles on the embedded engine, unless another target was asked
// for.
func withoutFile(o Options) error {
	if o.Target != "" && o.Target != "dev" {
		return fmt.Errorf("there is no target %s: without profiles.yaml there is only dev, the embedded engine\n  see profiles.example.yaml for how to write one", o.Target)
	}
	o.Notice("no profiles.yaml found: using the embedded engine (target dev)")
	return nil
}
