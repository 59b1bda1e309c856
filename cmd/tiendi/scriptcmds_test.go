package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// scriptCommands are the verbs that the scripts have beyond testscript's own.
// UPDATE_SCRIPTS=1 writes the texts that cmp compares with anew.
func scriptCommands(t *testing.T) map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exitcode":  scriptExitCode,
		"scrub":     scriptScrub,
		"json":      scriptJSON,
		"jsonlines": scriptJSONLines,
		"collected": scriptCollected,
		"database":  func(ts *testscript.TestScript, neg bool, args []string) { scriptDatabase(t, ts, neg, args) },
	}
}

// scriptExitCode runs a command and wants this exit code: exitcode 2 tiendi ls
func scriptExitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// scriptDatabase makes an empty PostgreSQL database that can be mirrored, and puts its
// URL into a variable: database NAME. A slot in it has to be removed by the script.
func scriptDatabase(t *testing.T, ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: database NAME")
	}
	ts.Setenv(args[0], postgrestest.Database(t))
}

// scrubbed are the parts of an output that differ from run to run.
var scrubbed = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\b\d+(\.\d+)?(ms|s)\b`), "#s"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
	{regexp.MustCompile(` +#s`), " #s"},
	{regexp.MustCompile(` +\n`), "\n"},
}

// scriptScrub writes an output to a file with what differs from run to run
// replaced: scrub stderr got
func scriptScrub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scrub stdout|stderr|FILE INTO")
	}
	text := ts.ReadFile(args[0])
	for _, name := range []string{"WORK", "TIENDI_STATE_DIR", "TIENDI_WAREHOUSE_DATABASE"} {
		text = strings.ReplaceAll(text, ts.Getenv(name), "$"+name)
	}
	for _, s := range scrubbed {
		text = s.pattern.ReplaceAllString(text, s.with)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// scriptJSON wants one JSON document and nothing else: json stdout
func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: json stdout|stderr|FILE")
	}
	if text := ts.ReadFile(args[0]); !json.Valid([]byte(text)) {
		ts.Fatalf("%s is not one JSON document:\n%s", args[0], text)
	}
}

// scriptJSONLines wants every line to be a JSON object: jsonlines stderr
func scriptJSONLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: jsonlines stdout|stderr|FILE")
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	for _, line := range lines {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("%s has a line that is no JSON object: %q", args[0], line)
		}
	}
}
