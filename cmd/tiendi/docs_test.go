package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// A page's commands are those of its ```console blocks that begin with "$ ";
// "> " continues one. Lines beneath are what it prints, "…" standing for any
// text. A comment at the top, <!-- commands begin in: WORD -->, says where the
// page's reader stands; without it, in an empty folder. Another, <!-- commands need: a
// source database -->, gives the target one that is empty.
const (
	inEmpty   = "an empty folder"
	inProject = "a project"
	inLoaded  = "a loaded project"
	inBuilt   = "a built project"
)

var (
	beginsIn  = regexp.MustCompile(`<!-- commands begin in: (.+?)(, with an engine of its own)? -->`)
	needsShop = regexp.MustCompile(`<!-- commands need: a source database -->`)
	exitCodes = regexp.MustCompile(`# exit (\d+)$`)
	pageLink  = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	codeSpan  = regexp.MustCompile("`([^`]+)`")
)

// docCommand is one command of a page.
type docCommand struct {
	line     int
	text     string
	exit     int
	expected []string
}

// docPages are the README and every page under docs, by path.
func docPages(t *testing.T) map[string]string {
	t.Helper()
	root := repoRoot(t)
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pages in docs: %v", err)
	}
	pages := map[string]string{}
	for _, path := range append(paths, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		pages[path] = string(text)
	}
	return pages
}

// TestDocsCommands runs what the pages tell a reader to type, in order, and
// holds the exit codes and the printed lines against them.
func TestDocsCommands(t *testing.T) {
	engine := sharedEngine(t)
	for path, text := range docPages(t) {
		commands := commandsOf(text)
		if len(commands) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			begin := beginsIn.FindStringSubmatch(text)
			if begin == nil {
				begin = []string{"", inEmpty, ""}
			}
			env, database := docEnvironment(t, engine, begin[2] != "")
			if needsShop.MatchString(text) {
				env = append(env, "TIENDI_CDC_URL="+postgrestest.Database(t), "TIENDI_CDC_SLOT="+slotFor(t))
			}
			dir := t.TempDir()
			switch begin[1] {
			case inEmpty:
			case inProject:
				commands = append([]docCommand{{text: "tiendi init"}}, commands...)
			default:
				prepared := preparedShops[begin[1]]
				if prepared == nil || database == "" {
					t.Fatalf("commands begin in %q, which is no place that this test can make", begin[1])
				}
				prepared.copyTo(t, dir, database)
			}
			runPage(t, dir, env, commands)
		})
	}
}

// docEnvironment is a reader's: a home, a database and, for pages about the
// engine itself, no state folder but the project's.
func docEnvironment(t *testing.T, engine *testEngine, own bool) (env []string, database string) {
	t.Helper()
	if own {
		return readerEnvironment(t, engine), ""
	}
	database = "docs_" + regexp.MustCompile(`\W+`).ReplaceAllString(filepath.Base(t.Name()), "_")
	t.Cleanup(func() { engine.drop(t, database) })
	return append(readerEnvironment(t, engine), onShared(engine, database)...), database
}

func readerEnvironment(t *testing.T, engine *testEngine) []string {
	home := t.TempDir()
	return append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home, "TIENDI_ENGINE_LIBRARY="+engine.library, "CI=true")
}

// onShared makes commands use a database of the engine that tests share.
func onShared(engine *testEngine, database string) []string {
	return []string{"TIENDI_STATE_DIR=" + engine.stateDir, "TIENDI_WAREHOUSE_DATABASE=" + database}
}

// slotFor is a name of a replication slot, of which a cluster has one each.
func slotFor(t *testing.T) string {
	return strings.ToLower(regexp.MustCompile(`\W+`).ReplaceAllString(filepath.Base(t.Name()), "_"))
}

// commandsOf reads the commands of a page.
func commandsOf(page string) []docCommand {
	var commands []docCommand
	inside := false
	for i, line := range strings.Split(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case !inside || strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "$ "):
			c := docCommand{line: i + 1, text: line[2:]}
			if m := exitCodes.FindStringSubmatch(line); m != nil {
				c.exit, _ = strconv.Atoi(m[1])
			}
			commands = append(commands, c)
		case strings.HasPrefix(line, "> ") || line == ">":
			commands[len(commands)-1].text += "\n" + strings.TrimPrefix(strings.TrimPrefix(line, ">"), " ")
		default:
			last := &commands[len(commands)-1]
			last.expected = append(last.expected, line)
		}
	}
	return commands
}

// runPage types the commands into one shell, which ends at the first whose
// exit code is not the one expected.
func runPage(t *testing.T, dir string, env []string, commands []docCommand) {
	t.Helper()
	out := t.TempDir()
	script := "set -u\n"
	for i, c := range commands {
		script += fmt.Sprintf("{ %s\n} >%[2]s/%[3]d.out 2>&1 </dev/null\ncode=$?; echo $code >%[2]s/%[3]d.code; [ $code = %[4]d ] || exit 0\n", c.text, out, i, c.exit)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", script)
	shell.Dir, shell.Env, shell.WaitDelay = dir, env, 5*time.Second
	t.Cleanup(func() { endEngines(t, dir) })
	if text, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("the page's shell: %v\n%s", err, text)
	}
	for i, c := range commands {
		code, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("%d.code", i)))
		if err != nil {
			t.Fatalf("line %d: %s\nwas not reached: %v", c.line, c.text, err)
		}
		printed, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("%d.out", i)))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(code)); got != strconv.Itoa(c.exit) {
			t.Fatalf("line %d: %s\nended with %s, not %d:\n%s", c.line, c.text, got, c.exit, printed)
		}
		if missing := firstMissing(string(printed), c.expected); missing != "" {
			t.Errorf("line %d: %s\ndoes not print, in its place,\n%s\nbut this:\n%s", c.line, c.text, missing, printed)
		}
	}
}

// endEngines stops the engines of state folders below dir.
func endEngines(t *testing.T, dir string) {
	t.Helper()
	states, _ := filepath.Glob(filepath.Join(dir, "*", ".tiendi"))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, state := range states {
		if err := local.Down(ctx, local.Options{StateDir: state}, true); err != nil {
			t.Errorf("stop the page's engine: %v", err)
		}
	}
}

// firstMissing gives the first expected line that does not follow the ones
// before it. Runs of blanks count as one.
func firstMissing(printed string, expected []string) string {
	lines := strings.Split(printed, "\n")
	at := 0
	for _, want := range expected {
		parts := strings.Split(regexp.QuoteMeta(blanks(want)), "…")
		pattern := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
		for at < len(lines) && !pattern.MatchString(blanks(lines[at])) {
			at++
		}
		if at == len(lines) {
			return want
		}
		if strings.Trim(want, " …") != "" {
			at++ // a lone wildcard may stand for nothing
		}
	}
	return ""
}

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestDocsLinks finds links that lead nowhere, and pages that the index does
// not name.
func TestDocsLinks(t *testing.T) {
	pages := docPages(t)
	index := pages[filepath.Join(repoRoot(t), "docs", "README.md")]
	for path, text := range pages {
		for _, m := range pageLink.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s: %v", filepath.Base(path), m[1], err)
			}
		}
		name := filepath.Base(path)
		if name != "README.md" && !strings.Contains(index, "]("+name+")") {
			t.Errorf("docs/README.md does not link to %s", name)
		}
	}
}

// TestDocsFlags finds commands and flags that the pages name and the binary
// does not have, and commands that no page names.
func TestDocsFlags(t *testing.T) {
	root := newRootCommand(&App{Console: console.New(os.Stdout, os.Stderr, os.LookupEnv), LookupEnv: os.LookupEnv, Now: time.Now})
	root.InitDefaultCompletionCmd("bash")
	named := map[*cobra.Command]bool{}
	for path, text := range docPages(t) {
		for _, line := range codeLines(text) {
			for _, words := range tiendiCalls(line) {
				cmd, rest, err := root.Find(words)
				if err == nil && cmd.HasSubCommands() && len(rest) > 0 && isName(rest[0]) {
					err = fmt.Errorf("%s has no command %s", cmd.CommandPath(), rest[0])
				}
				if err != nil {
					t.Errorf("%s: %s: %v", filepath.Base(path), line, err)
					continue
				}
				named[cmd] = true
				for _, word := range rest {
					flag, isFlag := strings.CutPrefix(word, "--")
					flag, _, _ = strings.Cut(flag, "=")
					if isFlag && isName(flag) && cmd.Flag(flag) == nil && flag != "help" && flag != "version" {
						t.Errorf("%s: %s: %s has no flag --%s", filepath.Base(path), line, cmd.CommandPath(), flag)
					}
				}
			}
		}
	}
	for _, cmd := range leaves(root) {
		if !named[cmd] && !cmd.Hidden {
			t.Errorf("no page names %s", cmd.CommandPath())
		}
	}
}

// isName says whether a word can be the name of a command or a flag.
func isName(word string) bool { return regexp.MustCompile(`^[a-z][a-z-]*$`).MatchString(word) }

// codeLines are the lines of code blocks and the texts between backquotes.
func codeLines(page string) []string {
	var lines []string
	inside := false
	for line := range strings.SplitSeq(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
		case inside && exitCodes.MatchString(line): // may be wrong on purpose
		case inside:
			lines = append(lines, line)
		default:
			for _, m := range codeSpan.FindAllStringSubmatch(line, -1) {
				lines = append(lines, m[1])
			}
		}
	}
	return lines
}

// tiendiCalls gives the words after each `tiendi` that is called on a line.
func tiendiCalls(line string) [][]string {
	var calls [][]string
	for _, part := range regexp.MustCompile(`&&|\|\||[|;]`).Split(line, -1) {
		part, _, _ = strings.Cut(part, " #")
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(part), "$ "))
		if len(words) > 1 && (words[0] == "tiendi" || words[0] == "bin/tiendi") && (isName(words[1]) || strings.HasPrefix(words[1], "-")) {
			calls = append(calls, words[1:])
		}
	}
	return calls
}

// leaves are the commands below one that do something themselves.
func leaves(cmd *cobra.Command) []*cobra.Command {
	if !cmd.HasSubCommands() {
		return []*cobra.Command{cmd}
	}
	var all []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.Name() != "completion" && sub.Name() != "help" {
			all = append(all, leaves(sub)...)
		}
	}
	return all
}
