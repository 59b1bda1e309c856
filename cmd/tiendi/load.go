package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event/enrich"
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
	defer func() { _ = options.Enricher.Close() }() // the file was only read
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
	enricher, err := s.enricher()
	if err != nil {
		return load.Options{}, err
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
		Enricher: enricher,
		TTLYears: years, AllowExpired: o.allowExpired, Reload: o.reload,
		Now:    s.app.Now,
		NewID:  func() string { return strings.ReplaceAll(uuid.NewString(), "-", "") },
		Logger: s.app.Log,
	}, nil
}

// enricher judges by the project's types and bots, and the profile's country file.
func (s *session) enricher() (*enrich.Enricher, error) {
	registry, err := s.app.registry(&eventsOptions{})
	if err != nil {
		return nil, err
	}
	return enrich.New(enrich.Options{
		Bots: s.stringVar("bot_user_agents", ""), Countries: s.settings.Enrich.Countries, Web: registry.Web,
	})
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
