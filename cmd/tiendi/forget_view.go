package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/forget"
)

// writeProof prints what was found and done, and turns what is left into an exit code.
func (a *App) writeProof(output string, p *forget.Proof) error {
	if err := a.printProof(output, p); err != nil {
		return err
	}
	for _, note := range p.Notes {
		a.warn(note)
	}
	if p.DryRun {
		a.say(planned(p))
		return nil
	}
	a.say(concluded(p))
	if n := len(p.Open); n > 0 {
		last := slices.MaxFunc(p.Open, func(a, b forget.Open) int { return a.LogUntil.Compare(b.LogUntil) })
		a.say(fmt.Sprintf("%s open: the log may bring something of theirs until %s\n  run tiendi forget --pending then, or every night", areOpen(n), last.LogUntil.Format("2006-01-02 15:04 MST")))
	}
	if p.Closed > 0 {
		a.say(fmt.Sprintf("%s closed: nobody can tell any more who became whom", howMany(p.Closed, "request")))
	}
	if !p.Clean() {
		return &failedError{err: fmt.Errorf("something of theirs is left: %s\n  it came in meanwhile, or a run of models held it: run the same command again", places(p.Left))}
	}
	return nil
}

func (a *App) printProof(output string, p *forget.Proof) error {
	if output == "json" {
		e := json.NewEncoder(a.Console.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(p)
	}
	t := console.Table{Headers: []string{"place", "object", "found", "left"}, Right: []bool{false, false, true, true}}
	if p.DryRun {
		t.Headers, t.Right = t.Headers[:3], t.Right[:3]
	}
	for _, f := range p.Found {
		row := []string{f.Place, f.Object, count(f)}
		if !p.DryRun {
			row = append(row, leftOf(f, p))
		}
		t.Rows = append(t.Rows, row)
	}
	if output == "table" && len(t.Rows) == 0 {
		return nil
	}
	return a.Console.WriteTable(output, t)
}

func count(f forget.Found) string {
	text := console.Count(f.Count) + " " + plural(f.Unit, int(min(f.Count, 2)))
	if f.Files > 0 {
		text += " in " + console.Count(f.Files) + " " + plural("file", f.Files)
	}
	return text
}

func areOpen(n int) string {
	if n == 1 {
		return "1 request is"
	}
	return fmt.Sprintf("%d requests are", n)
}

// leftOf is how much the last look has found of what the first one had; the shop's own
// database is none of ours.
func leftOf(f forget.Found, p *forget.Proof) string {
	if f.Place == "source" {
		return "not ours"
	}
	for _, l := range p.Left {
		if l.Place == f.Place && l.Object == f.Object {
			return console.Count(l.Count)
		}
	}
	return "0"
}

func planned(p *forget.Proof) string {
	if len(p.Found) == 0 {
		return "Nothing of theirs is there."
	}
	return "Nothing was changed. Without --dry-run all of this is rewritten" + sessionsOf(p) + "."
}

func concluded(p *forget.Proof) string {
	if len(p.Found) == 0 && p.Clean() {
		return fmt.Sprintf("Nothing of theirs is there, as of %s.", p.Ended.Format(time.DateTime+" MST"))
	}
	text := "Rewritten" + sessionsOf(p)
	if p.Clean() {
		text += "; a second look found nothing"
	}
	if p.FilesGone {
		return text + ", and the files from before are deleted."
	}
	return text + ".\nThe warehouse still has files from before, which it deletes some ten minutes later; --wait waits for it."
}

func sessionsOf(p *forget.Proof) string {
	text := fmt.Sprintf(", with %s", howMany(p.Sessions, "session"))
	if p.Shared > 0 {
		text += fmt.Sprintf(" (%d more are somebody else's, too, and keep their ids)", p.Shared)
	}
	return text
}

func places(found []forget.Found) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Object+" ("+count(f)+")")
	}
	return strings.Join(all, ", ")
}
