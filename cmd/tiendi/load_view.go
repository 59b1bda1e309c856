package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/load"
)

// loadProgress is one line: which file, how far, and how much longer.
func loadProgress(p load.Progress, elapsed time.Duration) string {
	text := fmt.Sprintf("Loading %s (%d of %d)", p.File, min(p.Done+1, p.Files), p.Files)
	switch {
	case p.Waiting:
		return text + ": waiting for another load into the same table"
	case p.Committing:
		return text + ": writing to the table"
	case p.TotalBytes == 0:
		return text
	}
	share := float64(p.Bytes) / float64(p.TotalBytes)
	text += fmt.Sprintf(": %s of %s, %.0f%%", console.Bytes(p.Bytes), console.Bytes(p.TotalBytes), 100*share)
	if share < 0.01 || elapsed < time.Second {
		return text
	}
	left := time.Duration(float64(elapsed) * (1 - share) / share)
	return text + ", " + console.Duration(left.Round(time.Second)) + " left,"
}

// explainLoad says on standard error what did not go in, and why.
func (a *App) explainLoad(r *load.Result) {
	for _, u := range r.Unplaced {
		a.Console.Print("%s: %v", u.Path, u.Err)
	}
	for _, f := range r.Files {
		switch {
		case f.Err != nil:
			a.Console.Print("%s: nothing of it was loaded: %v", f.Path, f.Err)
		case f.Skipped():
			a.Console.Notice("%s: loaded before, on %s; --reload reads it again", f.Path, f.LoadedAt.Format(time.DateTime))
		}
		if len(f.Unknown) > 0 {
			a.Console.Notice("%s: not read, since %s does not have it: %s", f.Path, f.Table, strings.Join(f.Unknown, ", "))
		}
		for _, reject := range f.Rejects {
			a.Console.Print("%s:%d: %s %s: %s", f.Path, reject.Line, reject.Reason, reject.Pointer, preview(reject.Raw))
		}
		if f.Rejected > uint64(len(f.Rejects)) && f.Err == nil {
			a.Console.Print("%s: %s rejected in all; see them: select * from %s where file = '%s'", f.Path, console.Count(f.Rejected), load.RejectsTable, f.Path)
		}
	}
}

// preview shows the beginning of a rejected row as printable text.
func preview(raw []byte) string {
	const most = 120
	cut := raw[:min(len(raw), most)]
	text := strconv.Quote(string(cut))
	if len(raw) > most {
		text += "…"
	}
	return text
}

func (a *App) writeLoad(format string, r *load.Result) error {
	if format == "json" {
		return a.writeLoadJSON(r)
	}
	t := console.Table{
		Headers: []string{"file", "table", "rows", "new", "rejected", "seconds", "status"},
		Right:   []bool{false, false, true, true, true, true, false},
	}
	for _, f := range r.Files {
		t.Rows = append(t.Rows, []string{f.Path, f.Table, console.Count(f.Rows), console.Count(f.New), console.Count(f.Rejected),
			fmt.Sprintf("%.2f", f.Elapsed.Seconds()), loadStatus(f)})
	}
	for _, u := range r.Unplaced {
		t.Rows = append(t.Rows, []string{u.Path, "", "0", "0", "0", "0.00", "failed"})
	}
	return a.Console.WriteTable(format, t)
}

func loadStatus(f load.File) string {
	switch {
	case f.Err != nil:
		return "failed"
	case f.Skipped():
		return "loaded before"
	}
	return "loaded"
}

type loadedFile struct {
	File     string  `json:"file"`
	Table    string  `json:"table,omitempty"`
	Status   string  `json:"status"`
	Rows     uint64  `json:"rows"`
	New      uint64  `json:"new"`
	Rejected uint64  `json:"rejected"`
	Seconds  float64 `json:"seconds"`
	Error    string  `json:"error,omitempty"`
}

func (a *App) writeLoadJSON(r *load.Result) error {
	files := []loadedFile{}
	for _, f := range r.Files {
		line := loadedFile{File: f.Path, Table: f.Table, Status: loadStatus(f), Rows: f.Rows, New: f.New, Rejected: f.Rejected, Seconds: f.Elapsed.Seconds()}
		if f.Err != nil {
			line.Error = f.Err.Error()
		}
		files = append(files, line)
	}
	for _, u := range r.Unplaced {
		files = append(files, loadedFile{File: u.Path, Status: "failed", Error: u.Err.Error()})
	}
	encoder := json.NewEncoder(a.Console.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(files)
}
