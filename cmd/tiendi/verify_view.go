package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/verify"
)

// writeVerification prints what differs, and turns it into an exit code.
func (a *App) writeVerification(output string, s *verify.Shape, r *verify.Result) error {
	var err error
	if output == "json" {
		err = a.writeVerificationJSON(s, r)
	} else if table := verificationTable(output, r); len(table.Rows) > 0 || output != "table" {
		err = a.Console.WriteTable(output, table)
	}
	if err != nil {
		return err
	}
	for _, note := range r.Notes {
		a.say(note)
	}
	var agree []string
	differ := 0
	for _, f := range r.Findings {
		pair := f.From.Name + " → " + f.To.Name
		if len(f.Differences) == 0 {
			agree = append(agree, pair)
			continue
		}
		differ++
		a.say(a.Console.Paint(console.Warn, pair+":") + "\n  " + f.Advice)
	}
	span := s.From.In(s.Zone).Format(time.DateOnly) + " to " + s.To.In(s.Zone).Format(time.DateOnly)
	if len(agree) > 0 {
		a.say(fmt.Sprintf("%s agree from %s: %s", howMany(len(agree), "comparison"), span, strings.Join(agree, ", ")))
	}
	switch {
	case len(r.Findings) == 0:
		return fmt.Errorf("there is nothing to compare from %s: fewer than two layers are there\n  build the models by tiendi run", span)
	case differ > 0:
		return &failedError{err: fmt.Errorf("%d of %s differ from %s", differ, howMany(len(r.Findings), "comparison"), span)}
	}
	return nil
}

// verificationTable has a row for each day and figure that differ. What to do is too
// long for a terminal's row, and stands below the table there.
func verificationTable(output string, r *verify.Result) console.Table {
	t := console.Table{
		Headers: []string{"day", "from", "to", "figure", "from has", "to has"},
		Right:   []bool{false, false, false, false, true, true},
	}
	if output == "csv" {
		t.Headers = []string{"day", "from", "to", "figure", "from_has", "to_has", "advice"}
	}
	for _, f := range r.Findings {
		for _, d := range f.Differences {
			row := []string{d.Day, place(f.From), place(f.To), d.Figure, d.From, d.To}
			if output == "csv" {
				row = append(row, f.Advice)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// place is a table, and its layer where its name does not say it.
func place(p verify.Place) string {
	if p.Layer == verify.Source || p.Layer == verify.Archive {
		return p.Layer + " " + p.Name
	}
	return p.Name
}

func (a *App) writeVerificationJSON(s *verify.Shape, r *verify.Result) error {
	e := json.NewEncoder(a.Console.Out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		From        string           `json:"from"`
		To          string           `json:"to"`
		Zone        string           `json:"timezone"`
		Agree       bool             `json:"agree"`
		Comparisons []verify.Finding `json:"comparisons"`
		Notes       []string         `json:"notes"`
	}{
		s.From.In(s.Zone).Format(time.DateOnly), s.To.In(s.Zone).Format(time.DateOnly), s.Zone.String(),
		r.Agrees(), append([]verify.Finding{}, r.Findings...), append([]string{}, r.Notes...),
	})
}
