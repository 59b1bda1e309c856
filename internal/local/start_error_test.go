package local_test

import (
	"github.com/tiendi/tiendi/internal/local"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStartErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(t *testing.T, o *local.Options)
		want   string
	}{
		"no folder given":   {func(_ *testing.T, o *local.Options) { o.StateDir = "" }, "no state folder"},
		"not a folder":      {func(_ *testing.T, o *local.Options) { o.StateDir = "/dev/null/x" }, "state folder"},
		"memory limit":      {func(_ *testing.T, o *local.Options) { o.MemoryLimit = "much" }, "write it like 2GB"},
		"missing library":   {func(t *testing.T, _ *local.Options) { t.Setenv("TIENDI_ENGINE_LIBRARY", "/no/libchdb.so") }, "TIENDI_ENGINE_LIBRARY"},
		"not a library":     {func(t *testing.T, _ *local.Options) { t.Setenv("TIENDI_ENGINE_LIBRARY", fakeLibrary(t)) }, "load library"},
		"no such program":   {func(_ *testing.T, o *local.Options) { o.Command = []string{"/no/such/program"} }, "no such file"},
		"program that ends": {func(_ *testing.T, o *local.Options) { o.Command = []string{"/bin/false"} }, "ended while starting"},
	} {
		t.Run(name, func(t *testing.T) {
			o := local.Options{StateDir: filepath.Join(t.TempDir(), "state"), Version: "test"}
			tc.change(t, &o)
			l, err := local.Acquire(t.Context(), o)
			if err == nil {
				l.Release()
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v should say %q", err, tc.want)
			}
		})
	}
}

func fakeLibrary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "libchdb.so")
	if err := os.WriteFile(path, []byte("not an ELF file"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
