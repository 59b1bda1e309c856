package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

const (
	// Version is the release of the engine library that tiendi is built for.
	Version = "26.7.3-stable.1"
	// LibraryEnv names the variable that points at a library or binary to use.
	LibraryEnv = "TIENDI_ENGINE_LIBRARY"

	// The first release whose "clickhouse local" is known to open listeners.
	minMajor, minMinor = 26, 7
)

var errNoEmbed = errors.New("this tiendi is the static build, which has no embedded engine: " +
	"use a server (profiles.yaml warehouse.type: clickhouse) or the default build of tiendi on glibc or macOS")

// ErrNotInstalled says that no engine was found and none was asked for.
var ErrNotInstalled = errors.New(`the embedded engine is not installed: run "tiendi local install"`)

// Library is an engine on disk.
type Library struct {
	Path   string
	Binary bool // a clickhouse executable, run as "clickhouse local", instead of libchdb
}

// command returns what starts the engine, before its arguments. self is this
// program with its hidden engine command.
func (l Library) command(self []string) []string {
	if l.Binary {
		return []string{l.Path, "local"}
	}
	return append(append([]string{}, self...), l.Path)
}

// Find looks for an engine: at LibraryEnv's file, in the user's cache, then for a
// new enough clickhouse binary on PATH. It gives ErrNotInstalled if there is none.
func Find(ctx context.Context, getenv func(string) string, cacheDir string) (Library, error) {
	if path := getenv(LibraryEnv); path != "" {
		return named(path)
	}
	if !Supported {
		if l, ok := onPath(ctx); ok {
			return l, nil
		}
		return Library{}, errNoEmbed
	}
	if path, ok := libraryIn(installDir(cacheDir)); ok {
		return Library{Path: path}, nil
	}
	if l, ok := onPath(ctx); ok {
		return l, nil
	}
	return Library{}, ErrNotInstalled
}

func named(path string) (Library, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Library{}, fmt.Errorf("%s: %w; point it at libchdb.so or unset it", LibraryEnv, err)
	}
	if !info.Mode().IsRegular() {
		return Library{}, fmt.Errorf("%s: %s is not a file; point it at libchdb.so or unset it", LibraryEnv, path)
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return Library{}, fmt.Errorf("%s: %w", LibraryEnv, err)
	}
	binary := !strings.Contains(filepath.Base(path), "chdb")
	if !binary && !Supported {
		return Library{}, errNoEmbed
	}
	return Library{Path: path, Binary: binary}, nil
}

// DefaultCacheDir is where engines are kept once per user.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the engine: %w; set XDG_CACHE_HOME or %s", err, LibraryEnv)
	}
	return filepath.Join(dir, "tiendi", "engine"), nil
}

func installDir(cacheDir string) string { return filepath.Join(cacheDir, Version) }

func libraryIn(dir string) (string, bool) {
	for _, name := range []string{"libchdb.so", "libchdb.dylib"} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return path, true
		}
	}
	return "", false
}

var versionNumber = lazyregexp.New(`version (\d+)\.(\d+)\.`)

// onPath finds a clickhouse binary that is new enough to be the engine.
func onPath(ctx context.Context) (Library, bool) {
	path, err := exec.LookPath("clickhouse")
	if err != nil {
		return Library{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "local", "--version").Output()
	if err != nil {
		return Library{}, false
	}
	return Library{Path: path, Binary: true}, newEnough(string(out))
}

func newEnough(version string) bool {
	m := versionNumber().FindStringSubmatch(version)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return major > minMajor || major == minMajor && minor >= minMinor
}
