package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
)

type backfillOptions struct {
	buildOptions
	from, to, grain, output string
	archive                 string
	cache, resume, dryRun   bool
	parallel                int
}

func newBackfillCommand(app *App) *cobra.Command {
	o := &backfillOptions{}
	cmd := &cobra.Command{
		Use:   "backfill",
		Short: "Rebuild models for a range of time",
		Long: "Rebuilds what the selected models (all of them without -s) hold of a range of time, so\n" +
			"that it equals what a full build would give; nothing else changes. Slices are built\n" +
			"aside and swapped in by table partition: readers see the old or the new one.\n\n" +
			"What is done is remembered in the warehouse. After a failure, Ctrl-C or a crash the same\n" +
			"command with --resume goes on; without it everything is built again, which is as right.",
		Example: "  tiendi backfill --from 2026-01-01 --to 2026-02-01 --dry-run\n" +
			"  tiendi backfill --from 2026-01-01 --to 2026-02-01\n" +
			"  tiendi backfill --from 2026-01-01 --to 2026-02-01 -s traffic_mart+ --parallel 2\n" +
			"  tiendi backfill --from 2026-01-01 --to 2026-02-01 --from-archive=raw-events --cache --resume",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.selects = append(o.selects, args...) // as in dbt: -s a b c
			return runBackfill(cmd.Context(), app, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "first day to rebuild, in the project's time zone: 2026-01-31 or 2026-01-31T12:00")
	flags.StringVar(&o.to, "to", "", "day before which it ends")
	o.addFlags(flags)
	o.runFlags(flags)
	flags.StringVar(&o.grain, "grain", "", "build each hour, day or month by a query of its own (default: days; those of one partition by one query)")
	flags.StringVar(&o.archive, "from-archive", "", "first bring back from the archive what raw tables lack: the range's events, and all database changes of those selected; or events of NDJSON files, =FOLDER")
	flags.Lookup("from-archive").NoOptDefVal = archiveOfTarget
	flags.BoolVar(&o.cache, "cache", false, "afterwards rewrite the days of the range that Redis keeps")
	flags.IntVar(&o.parallel, "parallel", 0, "partitions to build at once (default: --threads)")
	flags.BoolVar(&o.resume, "resume", false, "go on where the last run of the same backfill stopped")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the plan and change nothing")
	flags.StringVarP(&o.output, "output", "o", "table", "plan or result as table, json, csv or markdown")
	for _, name := range []string{"from", "to"} {
		_ = cmd.MarkFlagRequired(name)
	}
	return cmd
}

func runBackfill(ctx context.Context, app *App, o *backfillOptions) error {
	if err := console.CheckFormat(o.output); err != nil {
		return err
	}
	if o.parallel < 0 {
		return fmt.Errorf("--parallel %d: give a number from 1", o.parallel)
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "run", FailFast: o.failFast})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	show := newBackfillView(app, s.targetDir())
	defer show.stop()
	options, closing, err := s.backfillOptions(ctx, o, show)
	if err != nil {
		return err
	}
	defer closing()
	b, err := backfill.Prepare(ctx, options)
	if err != nil {
		return err
	}
	if o.dryRun {
		show.stop()
		return app.writeBackfillPlan(o.output, b)
	}
	show.begin(b)
	results, err := b.Perform(ctx)
	show.stop()
	if o.output != "table" && results != nil {
		err = errors.Join(err, app.writeBackfillResult(o.output, b, results))
	}
	if errors.Is(err, run.ErrFailed) {
		return &failedError{err: err, quiet: true}
	}
	return err
}

// backfillOptions wires a backfill; closing gives back what it opened.
func (s *session) backfillOptions(ctx context.Context, o *backfillOptions, show *backfillView) (b backfill.Options, closing func(), err error) {
	closing = func() {}
	zone, err := s.zone()
	if err != nil {
		return b, closing, err
	}
	var notice string
	if b.Range, notice, err = backfill.ParseRange(o.from, o.to, o.grain, zone, s.app.Now()); err != nil {
		return b, closing, err
	}
	if notice != "" {
		s.app.Console.Notice("%s", notice)
	}
	nodes, err := s.selected(&o.buildOptions, nil)
	if err != nil {
		return b, closing, err
	}
	if b.Run, err = s.runOptions(ctx, "run", &o.buildOptions, nodes); err != nil {
		return b, closing, err
	}
	if o.parallel > 0 {
		b.Run.Threads = o.parallel
	}
	b.Run.Args["which"], b.Run.Args["from"], b.Run.Args["to"] = "backfill", o.from, o.to
	b.Run.Events, b.Tell = show.run, show.day
	b.Fingerprint, b.Resume = s.fingerprints(), o.resume
	if o.archive != "" {
		if err = s.wireArchive(ctx, o.archive, &b, nodes); err != nil {
			return b, closing, err
		}
	}
	if o.cache {
		var cache *redisDays
		if cache, err = s.wireCache(ctx); err != nil {
			return b, closing, err
		}
		b.Cache, closing = cache, cache.close
	}
	return b, closing, nil
}
