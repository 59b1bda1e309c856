package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// backfillView shows a backfill: the run's own lines, with slices on the live one.
type backfillView struct {
	app         *App
	target      string
	view        *runView
	done, total int // slices and steps
	began       time.Time
}

func newBackfillView(app *App, targetDir string) *backfillView {
	return &backfillView{app: app, target: targetDir, view: newRunView(app, targetDir)}
}

func (v *backfillView) stop() { v.view.stop() }

// begin says what is planned in a line or two.
func (v *backfillView) begin(b *backfill.Backfill) {
	left, total := b.Left()
	v.done, v.total, v.began = total-left, total, v.app.Now()
	note := fmt.Sprintf("Backfilling %s to %s: %s in %s", boundText(b, b.Range.From), boundText(b, b.Range.To), howMany(total, "step"), howMany(len(b.Tasks), "model"))
	switch {
	case b.Resumed:
		note += fmt.Sprintf(", %d of them done already", v.done)
	case b.Resume:
		note += "; no earlier run of it is unfinished"
	case b.Earlier != nil:
		note += ", from the beginning; --resume would go on with " + b.Earlier.Describe()
	}
	v.say(note)
	if b.Notice != "" {
		v.app.warn(b.Notice)
	}
	for _, t := range b.Tasks {
		if t.Notice != "" {
			v.say(t.Node.Name + ": " + t.Notice)
		}
	}
}

func (v *backfillView) say(text string) {
	if v.app.json {
		v.app.Log.Info(text)
		return
	}
	v.app.Console.Notice("%s", text)
}

// run takes the events of the run of models.
func (v *backfillView) run(e run.Event) {
	if e.Kind == run.BatchFinished && e.Result.Status == run.Success {
		v.done++
	}
	if v.app.json {
		runLog{v.app.Log}.show(e)
		return
	}
	v.view.show(e)
	if e.Kind != run.RunFinished {
		v.line()
	}
}

func (v *backfillView) line() {
	v.view.line.Update("%d of %d models · %d of %d slices and steps%s", v.view.done, v.view.total, v.done, v.total, v.remaining())
}

// remaining guesses the time left from how long slices took so far.
func (v *backfillView) remaining() string {
	passed := v.app.Now().Sub(v.began)
	if v.done == 0 || passed < 5*time.Second {
		return ""
	}
	left := time.Duration(float64(passed) / float64(v.done) * float64(v.total-v.done))
	return " · about " + console.Duration(left.Round(time.Second)) + " left"
}

// day takes what is told of the archive and the cache.
func (v *backfillView) day(e backfill.Event) {
	v.done++
	date, unit := e.Day.Format(time.DateOnly), "day"
	if e.Step == "changes" {
		date, unit = e.Day.Format("2006-01-02T15"), "hour"
	}
	switch {
	case v.app.json:
		v.app.Log.Info(unit+" finished", "step", e.Step, unit, date, "done", e.Done, "of", e.Of, "note", e.Note)
	case e.Note != "":
		v.say(fmt.Sprintf("%s %s: left as it is: %s", e.Step, date, e.Note))
	default:
		v.view.line.Update("%s: %s, %d of %s", e.Step, date, e.Done, howMany(e.Of, unit))
	}
}

func boundText(b *backfill.Backfill, t time.Time) string {
	t = t.In(b.Range.Zone)
	if h, m, s := t.Clock(); h+m+s == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04")
}

// writeBackfillPlan prints a row for each model and partition.
func (a *App) writeBackfillPlan(format string, b *backfill.Backfill) error {
	t := typedRows{headers: []string{"model", "how", "partition", "from", "to", "slices", "done", "note"}}
	add := func(name, how, note string, slices []backfill.Slice) {
		for len(slices) > 0 {
			n, done := 0, 0
			for n < len(slices) && slices[n].Partition == slices[0].Partition {
				if slices[n].State == journal.Done {
					done++
				}
				n++
			}
			t.rows = append(t.rows, []any{name, how, slices[0].Partition, boundText(b, slices[0].From), boundText(b, slices[n-1].To), n, done, note})
			slices, note = slices[n:], ""
		}
	}
	add("", "archive", "", b.Archived)
	add("", "changes", "", b.Changed)
	for _, task := range b.Tasks {
		if len(task.Slices) > 0 {
			add(task.Node.Name, string(task.How), task.Notice, task.Slices)
			continue
		}
		t.rows = append(t.rows, []any{task.Node.Name, string(task.How), "", "", "", task.Total(), task.Total() - task.Left(), task.Notice})
	}
	add("", "cache", "", b.Cached)
	if err := t.write(a.Console, format); err != nil {
		return err
	}
	left, total := b.Left()
	a.Console.Notice("%s, %d of them done; nothing was changed", howMany(total, "step"), total-left)
	return nil
}

// writeBackfillResult prints what became of each model, for machines.
func (a *App) writeBackfillResult(format string, b *backfill.Backfill, results *run.Results) error {
	t := typedRows{headers: []string{"model", "how", "status", "slices", "failed", "rows", "seconds", "message"}}
	of := map[string]*run.Result{}
	for _, r := range results.Results {
		if r.Node != nil {
			of[r.Node.UniqueID] = r
		}
	}
	for _, task := range b.Tasks {
		r := of[task.Node.UniqueID]
		if r == nil {
			t.rows = append(t.rows, []any{task.Node.Name, string(task.How), "done before", task.Total(), 0, 0, 0.0, ""})
			continue
		}
		failed := 0
		if r.Batches != nil {
			failed = len(r.Batches.Failed)
		}
		t.rows = append(t.rows, []any{task.Node.Name, string(task.How), string(r.Status), task.Total(), failed, r.Rows, r.Elapsed().Seconds(), r.Message})
	}
	return t.write(a.Console, format)
}

// typedRows is a table whose cells keep their types where machines read it.
type typedRows struct {
	headers []string
	rows    [][]any
}

func (t typedRows) write(c *console.Console, format string) error {
	if format != "json" {
		return c.WriteTable(format, t.text())
	}
	out := make([]map[string]any, len(t.rows))
	for i, row := range t.rows {
		out[i] = map[string]any{}
		for k, name := range t.headers {
			out[i][name] = row[k]
		}
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Out, "%s\n", text)
	return err
}

func (t typedRows) text() console.Table {
	out := console.Table{Headers: t.headers, Right: make([]bool, len(t.headers))}
	for _, row := range t.rows {
		var cells []string
		for k, v := range row {
			switch v := v.(type) {
			case string:
				cells = append(cells, v)
				continue
			case float64:
				cells = append(cells, strconv.FormatFloat(v, 'f', 2, 64))
			default:
				cells = append(cells, fmt.Sprint(v))
			}
			out.Right[k] = true
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// howMany is so many of a kind.
func howMany(n int, kind string) string { return fmt.Sprintf("%d %s", n, plural(kind, n)) }
