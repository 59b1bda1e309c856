package main

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// runView shows a run: a line a node, what goes on now on a live line, and the
// summary at the end.
type runView struct {
	app     *App
	target  string // the target folder's name
	total   int
	done    int
	running map[string]bool
	line    *console.Progress
}

func newRunView(app *App, targetDir string) *runView {
	return &runView{app: app, target: filepath.Base(targetDir), running: map[string]bool{}, line: app.Console.Start("Preparing")}
}

func (v *runView) stop() { v.line.Stop() }

// show takes the run's events, one at a time.
func (v *runView) show(e run.Event) {
	switch e.Kind {
	case run.RunStarted:
		if v.total = e.Total; v.total == 0 {
			v.app.Console.Notice("Nothing to do: the selection holds nothing that this command builds.\n  see what it takes: tiendi ls -s …")
		}
	case run.NodeStarted:
		v.running[e.Node.Name] = true
	case run.NodeFinished:
		delete(v.running, e.Node.Name)
		v.done++
		v.finished(e)
	case run.NodesSkipped:
		v.done += len(e.Skipped)
		v.skipped(e)
	case run.Notice:
		v.notice(e)
	case run.RunFinished:
		v.stop()
		if v.total > 0 && len(e.Results.Results) > 0 {
			v.summary(e.Results)
		}
		return
	}
	v.line.Update("%d of %d · %s", v.done, v.total, strings.Join(v.names(), ", "))
}

func (v *runView) names() []string {
	names := make([]string, 0, len(v.running))
	for name := range v.running {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// nameWidth is the room for a node's name: most fit. Failures print the name
// whole. kindsFrom is the width of a terminal that has room for kinds, too.
const (
	nameWidth = 48
	kindsFrom = 100
)

// finished prints a node's line: place, status, name, kind, time, message.
func (v *runView) finished(e run.Event) {
	r := e.Result
	width := len(fmt.Sprint(v.total))
	message := r.Message
	if r.Err != nil {
		message = ""
	}
	room, kind := nameWidth, fmt.Sprintf("  %-17s", nodeKind(r.Node))
	if columns := v.app.Console.Width; columns > 0 && columns < kindsFrom {
		room, kind = min(nameWidth, max(16, columns-2*width-34)), ""
	}
	v.app.Console.Notice("%*d/%d  %s %s%s  %7s  %s", width, v.done, v.total,
		v.status(r.Status), runewidth.FillRight(runewidth.Truncate(r.Node.Name, room, "…"), room),
		kind, console.Duration(r.Elapsed()), message)
}

// status is a node's status in a fixed width, in the colour of its meaning.
func (v *runView) status(s run.Status) string {
	style, word := console.Bad, strings.ToUpper(string(s))
	switch s {
	case run.Success, run.Pass:
		style, word = console.Good, map[run.Status]string{run.Success: "OK", run.Pass: "PASS"}[s]
	case run.Warn:
		style = console.Warn
	case run.Skipped:
		style, word = console.Faint, "SKIP"
	case run.PartialSuccess:
		word = "PARTIAL"
	}
	return v.app.Console.Paint(style, fmt.Sprintf("%-7s", word))
}

func nodeKind(n *project.Node) string {
	switch n.Kind {
	case project.Model:
		return n.Config.Materialized
	case project.Test:
		return "test"
	}
	return string(n.Kind)
}

// skipped is one line, however many nodes it is about.
func (v *runView) skipped(e run.Event) {
	why := "since the run was stopped"
	if e.Because != nil {
		why = "since " + e.Because.Name + " failed"
	}
	names := make([]string, 0, 3)
	for _, n := range e.Skipped[:min(3, len(e.Skipped))] {
		names = append(names, runewidth.Truncate(n.Name, nameWidth, "…"))
	}
	if more := len(e.Skipped) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	v.app.Console.Notice("%s  %d skipped %s: %s", v.status(run.Skipped), len(e.Skipped), why, strings.Join(names, ", "))
}

func (v *runView) notice(e run.Event) {
	text := e.Message
	if e.Node != nil {
		text = e.Node.Name + ": " + text
	}
	v.app.Console.Notice("%s  %s", v.app.Console.Paint(console.Warn, "note"), text)
}

// summary prints what failed once more, whole, and dbt's closing line.
func (v *runView) summary(rs *run.Results) {
	for _, r := range rs.Results {
		if !r.Failed() {
			continue
		}
		text := r.Message
		if r.Err != nil {
			text = r.Err.Error()
		}
		where := ""
		if r.Node.Path != "" {
			where = " (" + r.Node.Path + ")"
		}
		v.app.Console.Print("\n%s %s%s\n%s", v.app.Console.Paint(console.Bad, string(r.Status)), r.Node.Name, where, indent(text))
		if r.Err == nil && r.CompiledPath != "" {
			v.app.Console.Print("  compiled to %s", filepath.Join(v.target, r.CompiledPath))
		}
	}
	t := tallied(rs)
	counts := fmt.Sprintf("PASS=%d WARN=%d ERROR=%d SKIP=%d TOTAL=%d", t.pass, t.warn, t.failed, t.skip, t.total)
	style := console.Good
	if t.failed > 0 {
		style = console.Bad
	}
	v.app.Console.Notice("\n%s %s in %s", v.app.Console.Paint(style, "Done."), counts, console.Duration(rs.Finished.Sub(rs.Started)))
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
