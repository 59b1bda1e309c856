package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// defaultListen is where the collector of a laptop listens.
const defaultListen = "127.0.0.1:8088"

type collectOptions struct {
	listen, spool, traces string
}

// newCollectCommand makes `tiendi collect`: a server that runs until it is told
// to stop.
func newCollectCommand(app *App) *cobra.Command {
	o := &collectOptions{}
	cmd := &cobra.Command{
		Use:   "collect",
		Short: "Take events over HTTP into the log",
		Long: "Serves POST /v1/events, Segment's endpoints and signed webhooks, checks each event against\n" +
			"its schema and puts it into the log. What is answered 202 is confirmed by the broker, or on\n" +
			"disk in the spool while the broker is away. /healthz, /readyz and /metrics say how it is doing.\n\n" +
			"Write keys, origins, limits and webhooks are the target's, in profiles.yaml below collect:.\n" +
			"The first Ctrl-C or SIGTERM stops taking events and answers what is under way.",
		Example: "  tiendi collect                                   # on " + defaultListen + ", for this machine\n" +
			"  tiendi collect --target prod --log-format json   # as profiles.yaml says\n" +
			"  curl 127.0.0.1:8088/v1/events -H 'Content-Type: application/x-ndjson' --data-binary @events.ndjson",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCollect(cmd.Context(), app, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "", "host:port to listen on (default: the target's collect.listen, or "+defaultListen+")")
	flags.StringVar(&o.spool, "spool", "", "folder of this collector alone, for events while the broker is away (default: the target's collect.spool, or spool in the state folder)")
	addTracesFlag(flags, &o.traces)
	return cmd
}

func runCollect(ctx context.Context, app *App, o *collectOptions) (err error) {
	begin := &setUp{told: ctx}
	defer begin.excuse(&err)
	settings, err := app.collectSettings(o)
	if err != nil {
		return err
	}
	options, err := app.collectorOptions(settings)
	if err != nil {
		return err
	}
	traces, err := app.startTraces(o.traces, "tiendi-collect", settings)
	if err != nil {
		return err
	}
	defer traces.stop()
	options.Tracer = traces.tracer
	options.Metrics.MustRegister(traces.metrics()...) // their names are their own
	listener, err := net.Listen("tcp", settings.Collect.Listen)
	if err != nil {
		return fmt.Errorf("%w\n  choose another address with --listen", err)
	}
	defer listener.Close() // Run does, where it comes to that
	log, err := app.openLog(ctx, settings, collectTopics(settings.Broker.Partitions)...)
	if err != nil {
		return err
	}
	defer log.close()
	options.Events, options.Rejected = log.topic(record.TopicRaw), log.topic(record.TopicRejected)
	collector, err := collect.New(options)
	if err != nil {
		return err
	}
	app.say("collecting events", append([]any{"address", "http://" + listener.Addr().String(), "broker", settings.Broker.Type}, traces.said()...)...)
	begin.over = true
	services := untilLost(ctx)
	defer services.stop()
	services.on(log.lease)
	return errors.Join(collector.Run(services.ctx, listener), services.lost())
}

// say tells people, or machines, that a server has come so far.
func (a *App) say(text string, args ...any) {
	if a.json {
		a.Log.Info(text, args...)
		return
	}
	for i := 0; i+1 < len(args); i += 2 {
		text += fmt.Sprintf(", %v %v", args[i], args[i+1])
	}
	a.Console.Notice("%s", text)
}

// collectSettings are the target's, with the flags over them.
func (a *App) collectSettings(o *collectOptions) (profile.Settings, error) {
	dir, err := a.projectDir()
	if err != nil {
		return profile.Settings{}, err
	}
	name, err := projectProfile(dir)
	if err != nil {
		return profile.Settings{}, err
	}
	s, err := a.settings(name)
	if err != nil {
		return s, err
	}
	c := &s.Collect
	if c.Listen = cmp.Or(o.listen, c.Listen, defaultListen); len(c.Keys) == 0 && !loopback(c.Listen) {
		return s, fmt.Errorf("the collector would take events from anybody on %s\n  give write keys in profiles.yaml, collect.keys, or listen on 127.0.0.1", c.Listen)
	}
	if c.Spool = cmp.Or(o.spool, c.Spool); c.Spool == "" {
		c.Spool, err = a.spoolDir()
	}
	return s, err
}

// loopback says whether only this host reaches an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
