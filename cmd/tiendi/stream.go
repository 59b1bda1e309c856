package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/stream/worker"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type streamOptions struct {
	parts  []string
	listen string
	traces string
	once   bool
}

// streamParts are what a worker can be told to do; sink is all sinks of the target.
var streamParts = []string{"enrich", "aggregate", "sessionize", "sink", "archive"}

// newStreamCommand makes `tiendi stream`: a worker that runs until it is told to
// stop.
func newStreamCommand(app *App) *cobra.Command {
	o := &streamOptions{}
	cmd := &cobra.Command{
		Use:   "stream [enrich] [aggregate] [sessionize] [sink] [archive]",
		Short: "Turn collected events into live figures and raw rows",
		Long: "Reads the events that tiendi collect has taken: enriches them, counts them by minute\n" +
			"and day, follows sessions, and writes all of it into the warehouse, and into Redis and\n" +
			"PostgreSQL where the target has them. What the log of database changes holds goes into\n" +
			"the raw tables. Where there is an archive, all that comes in is kept there as it came.\n" +
			"Run as many workers as the load needs: they share the work out, and whatever dies,\n" +
			"another one goes on and every figure stays exact.\n\n" +
			"Without arguments a worker does everything. The first Ctrl-C or SIGTERM drains.",
		Example: "  tiendi stream                               # all of it, on this machine\n" +
			"  tiendi stream --target prod --log-format json\n" +
			"  tiendi stream enrich aggregate sessionize   # no sinks\n" +
			"  tiendi stream --once                        # up to now, then stop\n" +
			"  tiendi stream status",
		ValidArgs: streamParts,
		Args:      cobra.OnlyValidArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.parts = args
			return runStream(cmd.Context(), app, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "", "host:port of /healthz, /readyz and /metrics (default: the target's stream.listen, or none)")
	flags.BoolVar(&o.once, "once", false, "work up to what is in the log now, write everything, and exit")
	addTracesFlag(flags, &o.traces)
	cmd.AddCommand(newStreamStatusCommand(app), newStreamWatchCommand(app))
	return cmd
}

func runStream(ctx context.Context, app *App, o *streamOptions) (err error) {
	begin := &setUp{told: ctx, over: o.once}
	defer begin.excuse(&err)
	if o.once && len(o.parts) > 0 {
		return errors.New("--once runs all stages in order: leave the stages out")
	}
	s, err := app.open(ctx, compile.Flags{Which: "stream"})
	if err != nil {
		return err
	}
	defer s.close()
	traces, err := app.startTraces(o.traces, "tiendi-stream", s.settings)
	if err != nil {
		return err
	}
	defer traces.stop()
	log, err := app.openLog(ctx, s.settings, streamTopics(s.settings.Broker.Partitions)...)
	if err != nil {
		return err
	}
	defer log.close()
	services := untilLost(ctx)
	defer services.stop()
	services.on(log.lease)
	s.leased, ctx = services.on, services.ctx
	wiring, err := s.wireStream(ctx, log, o.parts)
	if err != nil {
		return err
	}
	defer wiring.close()
	wiring.options.Tracer = traces.tracer
	begin.over = true
	if o.once {
		err = app.streamOnce(ctx, log, wiring.options)
		if err == nil {
			err = wiring.changes.verdict()
		}
	} else {
		err = app.streamOn(ctx, wiring, cmp.Or(o.listen, s.settings.Stream.Listen), traces)
	}
	return errors.Join(err, services.lost())
}

// streamOn works until the context ends.
func (a *App) streamOn(ctx context.Context, wiring *streamWiring, listen string, traces *traces) error {
	collectMore()
	go giveBack(ctx)
	o := wiring.options
	w := worker.New(o)
	if listen != "" {
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			return fmt.Errorf("%w\n  choose another address with --listen", err)
		}
		a.say("health and metrics", "address", "http://"+listener.Addr().String())
		stop, err := a.serveHealth(listener, w.Ready, append(append(wiring.metrics, w), traces.metrics()...)...)
		if err != nil {
			return err
		}
		defer stop()
	}
	a.say("streaming", append([]any{"stages", stageNames(o.Stages), "worker", o.Member.ID}, traces.said()...)...)
	return w.Run(ctx)
}

func stageNames(stages []worker.Stage) string {
	var names []string
	for _, s := range stages {
		names = append(names, string(s))
	}
	return strings.Join(names, " ")
}

// stages are those that the parts of the command line mean, for the sinks that the
// target has.
func stages(parts []string, sinks []worker.Stage) (all []worker.Stage) {
	wanted := func(part string) bool { return len(parts) == 0 || slices.Contains(parts, part) }
	for _, s := range []worker.Stage{worker.Enrich, worker.Aggregate, worker.Sessionize} {
		if wanted(string(s)) {
			all = append(all, s)
		}
	}
	for _, s := range sinks {
		part := "sink"
		if slices.Contains(worker.Archives, s) {
			part = "archive"
		}
		if wanted(part) {
			all = append(all, s)
		}
	}
	return all
}

// streamOnce marks the end of what is in the log now, and works up to there.
func (a *App) streamOnce(ctx context.Context, log *eventLog, o worker.Options) error {
	progress := a.Console.Start("Streaming what is in the log")
	defer progress.Stop()
	o.Run = uuid.NewString()
	if err := worker.MarkEnd(ctx, o.Broker, o.Partitions, o.Run); err != nil {
		return err
	}
	w := worker.New(o)
	ended := make(chan struct{})
	defer close(ended)
	go watchRows(w, progress, ended)
	if err := w.Once(ctx); err != nil {
		return err
	}
	a.say("streamed up to now", "rows written, or found there", rows(w.Status()))
	return nil
}

// watchRows keeps the progress line.
func watchRows(w *worker.Worker, progress *console.Progress, ended <-chan struct{}) {
	for {
		select {
		case <-ended:
			return
		case <-time.After(500 * time.Millisecond):
			progress.Update("Streaming what is in the log: %s rows in the warehouse", console.Count(rows(w.Status())))
		}
	}
}

func rows(tasks []worker.TaskStatus) (n uint64) {
	for _, t := range tasks {
		if t.Stage == worker.Events || t.Stage == worker.Changes {
			n += t.Events
		}
	}
	return n
}
