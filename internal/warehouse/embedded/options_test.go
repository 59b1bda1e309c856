package embedded_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

func options(t *testing.T, dir string) embedded.Options {
	t.Helper()
	cache, err := embedded.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := embedded.Find(t.Context(), os.Getenv, cache)
	if err != nil {
		t.Fatal(err)
	}
	self, err := embedded.SelfCommand("__engine")
	if err != nil {
		t.Fatal(err)
	}
	log, err := embedded.OpenLog(filepath.Join(dir, "engine.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return embedded.Options{Dir: filepath.Join(dir, "engine"), Library: lib, Command: self, Log: log}
}
