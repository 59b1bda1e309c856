package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// built is the program under test and version what it calls itself; TestMain
// makes them.
var built, version string

func TestMain(m *testing.M) {
	if settings := os.Getenv(naiveVariable); settings != "" {
		os.Exit(runNaive(settings))
	}
	if os.Getenv(clockVariable) != "" {
		tellTime()
		return
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tiendi-bench-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	built = filepath.Join(dir, "tiendi")
	build := exec.Command("go", "build", "-o", built, "../../cmd/tiendi")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build tiendi: %v\n%s", err, out)
		return 1
	}
	text, err := exec.Command(built, "--version").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tiendi --version:", err)
		return 1
	}
	version = strings.TrimPrefix(strings.TrimSpace(string(text)), "tiendi ")
	code := m.Run()
	scores.print(os.Stdout)
	return code
}
