package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type loadOptions struct {
	paths                []string
	table, output        string
	allowExpired, reload bool
	maxRejects           uint64
}

func newLoadCommand(app *App) *cobra.Command {
	o := &loadOptions{}
	cmd := &cobra.Command{
		Use:   "load PATH…",
		Short: "Load files into the raw tables",
		Long: "Reads CSV, NDJSON and Parquet files, plain or as .gz or .zst, into the raw tables.\n" +
			"Folders are walked. A file's table is found by its name (orders-2024-01.csv.gz) or,\n" +
			"where that says nothing, by its columns.\n\n" +
			"A file is loaded wholly or not at all, and only rows that the table does not have\n" +
			"are added: loading again, a file that has grown, or the same rows in another file\n" +
			"change nothing that is there. Rows that do not fit go to load_rejects.",
		Example: "  tiendi load data\n" +
			"  tiendi load events.ndjson.zst orders-2024-*.csv\n" +
			"  tiendi load export.parquet --table orders\n" +
			"  tiendi load archive --allow-expired",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runLoad(cmd.Context(), app, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.table, "table", "", "table that all files belong to: events, orders, order_items, products, stores, users, subscriptions")
	flags.BoolVar(&o.allowExpired, "allow-expired", false, "also load rows older than the var ttl_years, and keep them for good")
	flags.BoolVar(&o.reload, "reload", false, "read files again that were loaded before; still adds only what is missing")
	flags.Uint64Var(&o.maxRejects, "max-rejects", 0, "rejected rows up to which the exit code stays 0")
	flags.StringVarP(&o.output, "output", "o", "table", "summary as table, json, csv or markdown")
	return cmd
}

func runLoad(ctx context.Context, app *App, o *loadOptions) error {
	if err := console.CheckFormat(o.output); err != nil {
		return err
	}
	s, err := app.open(ctx, compile.Flags{Which: "load"})
	if err != nil {
		return err
	}
	defer s.close()
	options, err := s.loadOptions(ctx, o)
	if err != nil {
		return err
	}
	progress := app.Console.Start("Loading")
	options.Progress = func(p load.Progress) { progress.Update("%s", loadProgress(p, progress.Elapsed())) }
	result, err := load.Run(ctx, options)
	progress.Stop()
	if result == nil {
		return err
	}
	app.explainLoad(result)
	if err := errors.Join(err, app.writeLoad(o.output, result)); err != nil {
		return err
	}
	return loadVerdict(result, o.maxRejects)
}

func (s *session) loadOptions(ctx context.Context, o *loadOptions) (load.Options, error) {
	years, err := strconv.Atoi(s.stringVar("ttl_years", "2"))
	if err != nil || years < 0 {
		return load.Options{}, fmt.Errorf("var ttl_years is %q: give a whole number of years, 0 for no limit", s.stringVar("ttl_years", "2"))
	}
	client, err := s.connect(ctx)
	if err != nil {
		return load.Options{}, err
	}
	tables := &rawTables{session: s}
	var batches load.Batcher
	if client.Config().HTTPAddr == "" {
		batches = client
	}
	return load.Options{
		Warehouse: client, Batches: batches, Tables: tables, Database: tables.database(),
		Paths: o.paths, Table: o.table,
		TTLYears: years, AllowExpired: o.allowExpired, Reload: o.reload,
		Now:    s.app.Now,
		NewID:  func() string { return strings.ReplaceAll(uuid.NewString(), "-", "") },
		Logger: s.app.Log,
	}, nil
}

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

// loadVerdict is an error where the exit code must be 1.
func loadVerdict(r *load.Result, maxRejects uint64) error {
	failed, rejected := r.Failed(), r.Rejected()
	switch {
	case failed > 0:
		return &failedError{err: fmt.Errorf("%d of %d files were not loaded", failed, len(r.Files)+len(r.Unplaced))}
	case rejected > maxRejects:
		return &failedError{err: fmt.Errorf("rejected rows: %s, and --max-rejects is %d; all others are loaded", console.Count(rejected), maxRejects)}
	}
	return nil
}
