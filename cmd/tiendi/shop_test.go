package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// shop is the shipped project in a folder of its own, with a database of its
// own on the shared engine.
type shop struct {
	engine        *testEngine
	dir, database string
}

// newShop copies the project that the binary ships.
func newShop(t testing.TB) *shop {
	t.Helper()
	s := emptyShop(t)
	if err := os.CopyFS(s.dir, tiendi.Project); err != nil {
		t.Fatal(err)
	}
	return s
}

func emptyShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{engine: sharedEngine(t), dir: t.TempDir(), database: "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")}
	t.Cleanup(func() { s.engine.drop(t, s.database) })
	return s
}

// outcome is what a command left.
type outcome struct {
	stdout, stderr string
	code           int
}

// command is a command line of the real binary.
func (s *shop) command(args ...string) *exec.Cmd {
	cmd := exec.Command("tiendi", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+filepath.Join(s.dir, "home"), "CI=true",
		"TIENDI_STATE_DIR="+s.engine.stateDir, "TIENDI_WAREHOUSE_DATABASE="+s.database)
	return cmd
}

func (s *shop) try(t testing.TB, args ...string) outcome {
	t.Helper()
	var out, diagnostics bytes.Buffer
	cmd := s.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("tiendi %s: %v", strings.Join(args, " "), err)
	}
	return outcome{out.String(), diagnostics.String(), cmd.ProcessState.ExitCode()}
}

// run wants the command to succeed.
func (s *shop) run(t testing.TB, args ...string) outcome {
	t.Helper()
	o := s.try(t, args...)
	if o.code != exitOK {
		t.Fatalf("tiendi %s: exit code %d\n%s%s", strings.Join(args, " "), o.code, o.stdout, o.stderr)
	}
	return o
}

// tuple is a row of an answer by column; numbers keep their digits.
type tuple map[string]any

func (r tuple) text(column string) string {
	switch v := r[column].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// show runs `tiendi show` with these flags and gives all rows.
func (s *shop) show(t testing.TB, flags ...string) []tuple {
	t.Helper()
	o := s.run(t, append([]string{"show", "--output", "json", "--limit", "-1"}, flags...)...)
	d := json.NewDecoder(strings.NewReader(o.stdout))
	d.UseNumber()
	var rows []tuple
	if err := d.Decode(&rows); err != nil {
		t.Fatalf("show %s printed no JSON: %v", strings.Join(flags, " "), err)
	}
	return rows
}

// value asks the engine for one value, by a way that is not tiendi's.
func (s *shop) value(t testing.TB, sql string) string {
	t.Helper()
	rows := s.query(t, sql)
	if len(rows) != 1 || len(rows[0]) != 1 {
		t.Fatalf("%s gives %v, not one value", sql, rows)
	}
	for column := range rows[0] {
		return rows[0].text(column)
	}
	return ""
}

// query gives the rows of a statement over the shop's database.
func (s *shop) query(t testing.TB, sql string) []tuple {
	t.Helper()
	lines, err := s.engine.client.QueryJSON(t.Context(), strings.ReplaceAll(sql, "$db", warehouse.Ident(s.database)), 0)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	rows := make([]tuple, len(lines))
	for i, line := range lines {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&rows[i]); err != nil {
			t.Fatalf("%s: %v in %s", sql, err, line)
		}
	}
	return rows
}
