package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// onTerminal runs a command with all its streams on a terminal, and gives what
// stood on it.
func (s *shop) onTerminal(t *testing.T, env string, args ...string) string {
	t.Helper()
	cmd := s.command(args...)
	// A terminal without CI, which the other tests say they are.
	cmd.Env = append(cmd.Env, "TERM=xterm", env)
	for i, pair := range cmd.Env {
		if strings.HasPrefix(pair, "CI=") {
			cmd.Env[i] = "NOT_CI=true"
		}
	}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = terminal.Close() }()
	// Linux ends a terminal whose program is gone with this error.
	text, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("tiendi %s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return string(text)
}

var (
	colour  = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	redraws = regexp.MustCompile(`\r\x1b\[K`)
)

// TestTerminal: colours and a live line on a terminal, no colours where
// NO_COLOR says so, neither where a script reads.
func TestTerminal(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	s.write(t, "models/slow.sql", "{{ config(materialized='table') }}\nselect sleep(2.5) as a\n")
	plain := s.run(t, "run")
	if text := plain.stdout + plain.stderr; colour.MatchString(text) || redraws.MatchString(text) {
		t.Errorf("a script reads colours or a live line: %q", text)
	}
	text := s.onTerminal(t, "A=b", "run")
	if !colour.MatchString(text) {
		t.Errorf("no colours on a terminal: %q", text)
	}
	if !redraws.MatchString(text) {
		t.Errorf("no live line on a terminal: %q", text)
	}
	if text := s.onTerminal(t, "NO_COLOR=1", "run"); colour.MatchString(text) {
		t.Errorf("colours in spite of NO_COLOR: %q", text)
	}
}

// write makes a file of the project.
func (s *shop) write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
