package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// buildOptions are the flags that run, build, test and seed share, by dbt's
// names.
type buildOptions struct {
	selection
	fullRefresh, failFast      bool
	storeFailures, statements  bool
	eventTimeFrom, eventTimeTo string

	// Of tiendi retry: these nodes and no others, and the batches of them
	// that were left.
	again   []string
	batches map[string][]compile.Batch
}

func (o *buildOptions) runFlags(flags *pflag.FlagSet) {
	flags.BoolVarP(&o.failFast, "fail-fast", "x", false, "stop at the first failure")
	flags.BoolVar(&o.statements, "statement-log", false, "write every statement with its time to target/statements.jsonl")
}

func (o *buildOptions) modelFlags(flags *pflag.FlagSet) {
	flags.BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "build incremental models anew")
	flags.StringVar(&o.eventTimeFrom, "event-time-start", "", "first event time that microbatch models build: 2026-01-31 or 2026-01-31T12:00:00")
	flags.StringVar(&o.eventTimeTo, "event-time-end", "", "event time before which they stop")
}

func (o *buildOptions) testFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.storeFailures, "store-failures", false, "keep failing rows in tables")
}

// builder makes the command of one verb.
func builder(app *App, verb string, cmd *cobra.Command, flags ...func(*buildOptions, *pflag.FlagSet)) *cobra.Command {
	o := &buildOptions{}
	o.addFlags(cmd.Flags())
	o.runFlags(cmd.Flags())
	for _, add := range flags {
		add(o, cmd.Flags())
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runBuild(cmd.Context(), app, verb, o, args) }
	return cmd
}

// eventTimes reads the flags that bound microbatch models.
func (o *buildOptions) eventTimes() (from, to time.Time, err error) {
	if from, err = eventTime("--event-time-start", o.eventTimeFrom); err != nil {
		return from, to, err
	}
	if to, err = eventTime("--event-time-end", o.eventTimeTo); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, errors.New("--event-time-start must lie before --event-time-end")
	}
	return from, to, nil
}

func eventTime(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q is no time: want 2026-01-31 or 2026-01-31T12:00:00", flag, text)
}

func runBuild(ctx context.Context, app *App, verb string, o *buildOptions, args []string) error {
	from, to, err := o.eventTimes()
	if err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{
		Which: verb, FullRefresh: o.fullRefresh, FailFast: o.failFast, StoreFailures: o.storeFailures,
		EventTimeStart: from, EventTimeEnd: to,
	})
	if err != nil {
		return err
	}
	defer s.close()
	nodes, err := s.selected(o, args)
	if err != nil {
		return err
	}
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	options, err := s.runOptions(ctx, verb, o, nodes)
	if err != nil {
		return err
	}
	options.EventTimeStart, options.EventTimeEnd = from, to
	show := newRunView(app, s.targetDir())
	options.Events = show.show
	if app.json {
		options.Events = runLog{app.Log}.show
	}
	collectLess()
	_, err = run.Run(ctx, options)
	show.stop()
	if errors.Is(err, run.ErrFailed) {
		return &failedError{err: err, quiet: true}
	}
	return err
}

// selected gives the nodes that the flags select, all of them without flags;
// for a retry those that the earlier run left.
func (s *session) selected(o *buildOptions, args []string) ([]*project.Node, error) {
	if o.again == nil {
		o.selects = append(o.selects, args...)
		return o.selection.nodes(s)
	}
	return slices.DeleteFunc(slices.Clone(s.manifest.Graph.Nodes()), func(n *project.Node) bool {
		return !slices.Contains(o.again, n.UniqueID)
	}), nil
}

// runOptions wires a run.
func (s *session) runOptions(ctx context.Context, verb string, o *buildOptions, nodes []*project.Node) (run.Options, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return run.Options{}, err
	}
	return run.Options{
		Command: verb, Nodes: nodes, Graph: s.manifest.Graph, Warehouse: client,
		Cluster:  s.settings.Warehouse.Cluster,
		Compiler: func(w compile.Warehouse) run.Compiler { return s.manifest.Compiler(w) },
		Schema:   s.settings.Warehouse.Database, Root: s.manifest.Project.Root(),
		OnRunStart: s.operations("on-run-start", func(p *project.Package) []string { return p.OnRunStart }),
		OnRunEnd:   s.operations("on-run-end", func(p *project.Package) []string { return p.OnRunEnd }),
		Threads:    s.settings.Threads, FailFast: o.failFast, FullRefresh: o.fullRefresh, StoreFailures: o.storeFailures,
		Retry: o.batches, InvocationID: s.options.InvocationID, TargetDir: s.targetDir(), StatementLog: o.statements,
		Args: o.arguments(s), Version: versionText(), Clock: s.app.Now, Logger: s.app.Log,
	}, nil
}

// operations are the hooks of all packages: those of packages first at the
// start, the project's own first at the end, as in dbt.
func (s *session) operations(when string, hooks func(*project.Package) []string) []run.Operation {
	packages := slices.Clone(s.manifest.Project.Packages)
	var out []run.Operation
	if when == "on-run-start" {
		slices.Reverse(packages)
	}
	for _, p := range packages {
		for i, sql := range hooks(p) {
			out = append(out, run.Operation{Package: p.Name, Name: fmt.Sprintf("%s-%s-%d", p.Name, when, i), SQL: sql})
		}
	}
	return out
}

// arguments are the flags as run_results.json keeps them for a retry.
func (o *buildOptions) arguments(s *session) map[string]any {
	flags := s.app.flags
	return map[string]any{
		"vars": s.app.vars, "profile": flags.profile, "target": flags.target, "threads": flags.threads,
		"select": o.selects, "exclude": o.excludes, "selector": o.selector, "indirect_selection": o.indirect,
		"full_refresh": o.fullRefresh, "fail_fast": o.failFast, "store_failures": o.storeFailures,
		"event_time_start": o.eventTimeFrom, "event_time_end": o.eventTimeTo,
	}
}
