package embedded

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// installTimeout bounds a download of 178 MB, also on a slow line.
const installTimeout = 30 * time.Minute

// otherWays ends every message about an engine that cannot be installed.
const otherWays = "or point " + LibraryEnv + " at libchdb.so, or use a server (profiles.yaml warehouse.type: clickhouse)"

// Install fetches the engine into the user's cache with the npm client, which
// checks its integrity, and returns it. It does nothing if it is there. Several
// processes may install at once; a killed one leaves nothing that counts.
func Install(ctx context.Context, cacheDir string, progress func(string)) (Library, error) {
	pkg, err := packageFor(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return Library{}, err
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return Library{}, fmt.Errorf("install engine: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	lock, err := LockFile(ctx, filepath.Join(cacheDir, "install.lock"))
	if err != nil {
		return Library{}, fmt.Errorf("install engine: %w", err)
	}
	defer lock.Unlock()
	dir := installDir(cacheDir)
	if path, ok := libraryIn(dir); ok {
		return Library{Path: path}, nil
	}
	if err := fetch(ctx, cacheDir, pkg, progress); err != nil {
		return Library{}, err
	}
	path, ok := libraryIn(dir)
	if !ok {
		return Library{}, fmt.Errorf("install engine: package %s %s holds no library", pkg, Version)
	}
	return Library{Path: path}, nil
}

// fetch runs npm in a folder of its own and moves the result in place at once.
// Leftovers of killed installs go first: the lock says that nobody uses them.
func fetch(ctx context.Context, cacheDir, pkg string, progress func(string)) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm not found: install Node.js (%s) and run \"tiendi local install\", %s", nodeHint(runtime.GOOS), otherWays)
	}
	temp := filepath.Join(cacheDir, "install.tmp")
	if err := os.RemoveAll(temp); err != nil {
		return fmt.Errorf("install engine: %w", err)
	}
	if err := os.MkdirAll(temp, 0o755); err != nil {
		return fmt.Errorf("install engine: %w", err)
	}
	defer func() { _ = os.RemoveAll(temp) }()
	if err := runNPM(ctx, npm, temp, pkg, progress); err != nil {
		return err
	}
	dir := installDir(cacheDir)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("install engine: %w", err)
	}
	if err := os.Rename(filepath.Join(temp, "node_modules", filepath.FromSlash(pkg)), dir); err != nil {
		return fmt.Errorf("install engine: %w", err)
	}
	return nil
}

// runNPM keeps npm's cache in the folder too: progress can be seen there, and
// nobody needs 178 MB twice.
func runNPM(ctx context.Context, npm, dir, pkg string, progress func(string)) error {
	cmd := exec.CommandContext(ctx, npm, "install", "--prefix", dir, "--cache", filepath.Join(dir, "cache"),
		"--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier",
		"--fetch-retries=2", "--fetch-retry-maxtimeout=10000", "--loglevel=error", pkg+"@"+Version)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watchSize(dir, progress, done)
	}()
	err := cmd.Run()
	close(done)
	<-watched
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("install engine: %w", context.Cause(ctx))
	}
	return npmError(err, out.String())
}

// npmError names the one thing that mends what npm ran into.
func npmError(err error, out string) error {
	has := func(codes ...string) bool {
		for _, c := range codes {
			if strings.Contains(out, c) {
				return true
			}
		}
		return false
	}
	hint := "run \"tiendi local install\" again, " + otherWays
	switch {
	case has("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ENETUNREACH", "ERR_SOCKET_TIMEOUT"):
		hint = "the package registry cannot be reached: go online or set npm's registry or proxy (npm config set registry …) and run \"tiendi local install\", " + otherWays
	case has("ENOSPC"):
		hint = "the disk is full: the engine needs 800 MB while it is installed; set XDG_CACHE_HOME to a larger disk"
	case has("E404", "ETARGET"):
		hint = "the registry does not have release " + Version + ": use one that mirrors it, " + otherWays
	case has("EBADPLATFORM"):
		hint = "the engine is not made for this platform, " + otherWays
	case has("EACCES", "EPERM"):
		hint = "the cache folder is not writable: set XDG_CACHE_HOME to one that is"
	}
	return fmt.Errorf("install engine: %s: %w: %s", hint, err, firstLines(out, 5))
}

func firstLines(s string, n int) string {
	lines := strings.SplitN(strings.TrimSpace(s), "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "; ")
}
