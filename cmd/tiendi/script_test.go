package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tiendi/tiendi/internal/local"
)

// TestMain makes this test binary be tiendi, too: under that name for the
// scripts, and under the hidden commands for the engine that the tests share.
func TestMain(m *testing.M) {
	if code, handled := local.RunHidden(os.Args[1:], os.Stderr); handled {
		os.Exit(code)
	}
	testscript.Main(engineEnds{m}, map[string]func(){"tiendi": main})
}

// TestScript drives the real binary through the txtar scripts. Each script
// has a home, a folder and a database of its own on one shared engine.
func TestScript(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		WorkdirRoot:         t.TempDir(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		ContinueOnError:     true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               func(env *testscript.Env) error { return setScene(t, env) },
		Cmds:                scriptCommands(t),
	})
}

// setScene gives a script its surroundings. TMPDIR stays inside its folder.
func setScene(t *testing.T, env *testscript.Env) error {
	engine := sharedEngine(t)
	name := strings.NewReplacer("-", "_", ".", "_").Replace(filepath.Base(env.WorkDir))
	for key, value := range map[string]string{
		"HOME":                      filepath.Join(env.WorkDir, "home"),
		"TIENDI_STATE_DIR":          engine.stateDir,
		"TIENDI_ENGINE_LIBRARY":     engine.library,
		"TIENDI_WAREHOUSE_DATABASE": name,
		"ENGINE_ADDRESS":            engine.config.Addrs[0],
		"ENGINE_USER":               engine.config.User,
		"CI":                        "true",
	} {
		env.Setenv(key, value)
	}
	env.Defer(func() { engine.drop(t, name) })
	return os.MkdirAll(filepath.Join(env.WorkDir, "home"), 0o755)
}
