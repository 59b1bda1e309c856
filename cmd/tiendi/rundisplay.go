package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// runDisplay tells people what a run is doing: a line for each node that has
// ended, and one live line for those under way.
type runDisplay struct {
	app  *App
	live *console.Progress

	mu      sync.Mutex
	total   int
	done    int
	running map[string]uint64 // rows written so far, by name
}

func newRunDisplay(app *App) *runDisplay {
	return &runDisplay{app: app, live: app.Console.Start("Looking around"), running: map[string]uint64{}}
}

func (d *runDisplay) stop() { d.live.Stop() }

func (d *runDisplay) event(e run.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch e.Kind {
	case run.RunStarted:
		if d.total = e.Total; e.Total == 0 {
			d.app.Console.Notice("Nothing to do: the selection holds nothing that this command builds.")
		}
	case run.NodeStarted:
		d.running[e.Node.Name] = 0
	case run.NodeProgress:
		d.running[e.Node.Name] = e.Rows
	case run.NodeFinished:
		delete(d.running, e.Node.Name)
		d.done++
		d.finished(e)
	case run.NodesSkipped:
		d.done += len(e.Skipped)
		d.skipped(e)
	case run.Notice:
		d.app.Console.Notice("%s %s", d.app.Console.Paint(console.Warn, "note:"), e.Message)
	case run.RunFinished:
		d.summary(e.Results)
	}
	d.progress()
}

func (d *runDisplay) progress() {
	var parts []string
	for name, rows := range d.running {
		if rows > 0 {
			name += fmt.Sprintf(" (%s rows)", console.Count(rows))
		}
		parts = append(parts, name)
	}
	d.live.Update("%d of %d · %s", d.done, d.total, strings.Join(parts, ", "))
}

// words are how a status is shown.
var words = map[run.Status]struct {
	text  string
	style console.Style
}{
	run.Success: {"OK", console.Good}, run.Pass: {"PASS", console.Good}, run.Warn: {"WARN", console.Warn},
	run.Fail: {"FAIL", console.Bad}, run.Error: {"ERROR", console.Bad}, run.PartialSuccess: {"PARTIAL", console.Bad},
	run.Skipped: {"SKIP", console.Warn},
}

func (d *runDisplay) finished(e run.Event) {
	r := e.Result
	word := words[r.Status]
	line := fmt.Sprintf("%*d of %d %s %s %s", len(fmt.Sprint(d.total)), d.done, d.total,
		d.app.Console.Paint(word.style, fmt.Sprintf("%-5s", word.text)), describeNode(r.Node), d.app.Console.Paint(console.Faint, console.Duration(r.Elapsed())))
	if r.Rows > 0 {
		line += d.app.Console.Paint(console.Faint, fmt.Sprintf(" %s rows", console.Count(r.Rows)))
	}
	if r.Message != "" {
		line += "\n    " + strings.ReplaceAll(r.Message, "\n", "\n    ")
	}
	if r.Failed() || r.Status == run.Warn {
		d.app.Console.Print("%s", line)
		return
	}
	d.app.Console.Notice("%s", line)
}

func describeNode(n *project.Node) string {
	if n.Kind == project.Model {
		return n.Config.Materialized + " " + n.Relation.Schema + "." + n.Relation.Identifier
	}
	return string(n.Kind) + " " + n.Name
}

func (d *runDisplay) skipped(e run.Event) {
	because := "the run was stopped"
	if e.Because != nil {
		because = e.Because.Name + " failed"
	}
	plural := "s"
	if len(e.Skipped) == 1 {
		plural = ""
	}
	d.app.Console.Print("%s %d node%s, since %s", d.app.Console.Paint(console.Warn, "SKIP"), len(e.Skipped), plural, because)
}

func (d *runDisplay) summary(rs *run.Results) {
	d.live.Stop()
	if len(rs.Results) == 0 {
		return
	}
	var parts []string
	for _, s := range []run.Status{run.Success, run.Pass, run.Warn, run.PartialSuccess, run.Fail, run.Error, run.Skipped} {
		if n := rs.Count(s); n > 0 {
			parts = append(parts, d.app.Console.Paint(words[s].style, fmt.Sprintf("%d %s", n, s)))
		}
	}
	d.app.Console.Print("Done in %s: %s", console.Duration(rs.Finished.Sub(rs.Started)), strings.Join(parts, ", "))
}
