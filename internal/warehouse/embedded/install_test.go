package embedded_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

func TestFind(t *testing.T) {
	cache := t.TempDir()
	env := map[string]string{}
	getenv := func(name string) string { return env[name] }
	t.Setenv("PATH", t.TempDir())
	if _, err := embedded.Find(t.Context(), getenv, cache); err != embedded.ErrNotInstalled {
		t.Errorf("nothing there: %v", err)
	}
	installed := touch(t, filepath.Join(cache, embedded.Version, "libchdb.so"))
	if l, err := embedded.Find(t.Context(), getenv, cache); err != nil || l.Path != installed || l.Binary {
		t.Errorf("in the cache: %+v %v", l, err)
	}
	env[embedded.LibraryEnv] = touch(t, filepath.Join(t.TempDir(), "libchdb.so"))
	if l, err := embedded.Find(t.Context(), getenv, cache); err != nil || l.Path != env[embedded.LibraryEnv] || l.Binary {
		t.Errorf("named library: %+v %v", l, err)
	}
	env[embedded.LibraryEnv] = touch(t, filepath.Join(t.TempDir(), "clickhouse"))
	if l, err := embedded.Find(t.Context(), getenv, cache); err != nil || !l.Binary {
		t.Errorf("named binary: %+v %v", l, err)
	}
	for _, bad := range []string{"/no/such/libchdb.so", cache} {
		env[embedded.LibraryEnv] = bad
		if _, err := embedded.Find(t.Context(), getenv, cache); err == nil || !strings.Contains(err.Error(), embedded.LibraryEnv) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func touch(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInstallWithoutNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := embedded.Install(t.Context(), t.TempDir(), func(string) {})
	for _, want := range []string{"npm not found", "tiendi local install", embedded.LibraryEnv, "warehouse.type: clickhouse"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v should say %q", err, want)
		}
	}
}

// TestInstallOffline lets the real npm try a registry that nobody serves.
func TestInstallOffline(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed on this machine: what it says offline cannot be seen")
	}
	t.Setenv("npm_config_registry", "http://127.0.0.1:1/")
	t.Setenv("npm_config_fetch_retry_mintimeout", "1")
	cache := t.TempDir()
	_, err := embedded.Install(t.Context(), cache, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "registry cannot be reached") {
		t.Fatalf("error %v", err)
	}
	left, err := os.ReadDir(cache)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if f.Name() != "install.lock" {
			t.Errorf("%s is left over", f.Name())
		}
	}
}
