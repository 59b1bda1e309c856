package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/broker"
	changes "github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type cdcOptions struct {
	listen   string
	once     bool
	snapshot bool
	accept   []string
}

// newCDCCommand makes `tiendi cdc`: a reader of a database's log that runs until it is
// told to stop.
func newCDCCommand(app *App) *cobra.Command {
	o := &cdcOptions{}
	cmd := &cobra.Command{
		Use:   "cdc",
		Short: "Mirror the shop's PostgreSQL: every row, then every change",
		Long: "Reads the shop's PostgreSQL into the log, by logical replication: first a snapshot of the\n" +
			"tables, then every insert, update, delete and truncate as it is committed. tiendi stream\n" +
			"writes them into the warehouse. Kill it at any moment and start it again: it goes on where\n" +
			"the log has confirmed, and nothing is missing or counted twice.\n\n" +
			"The database, its tables and the names of slot and publication are the target's, in\n" +
			"profiles.yaml below cdc:. The first Ctrl-C or SIGTERM sends what has come and ends.",
		Example: "  tiendi cdc init                          # a database without a shop gets one\n" +
			"  tiendi cdc                               # snapshot if need be, then changes until it is stopped\n" +
			"  tiendi cdc --once && tiendi stream --once   # up to now, then stop\n" +
			"  tiendi cdc status\n" +
			"  tiendi cdc --snapshot                    # begin anew\n" +
			"  tiendi cdc drop                          # so that PostgreSQL keeps no log for us",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCDC(cmd.Context(), app, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "", "host:port of /healthz, /readyz and /metrics (default: the target's cdc.listen, or none)")
	flags.BoolVar(&o.once, "once", false, "take the snapshot if need be and what is committed now, and exit")
	flags.BoolVar(&o.snapshot, "snapshot", false, "begin anew: replace the slot, and take a snapshot of all tables")
	flags.StringSliceVar(&o.accept, "accept-schema", nil, "tables whose columns were dropped or retyped, to go on with them as they are")
	cmd.AddCommand(newCDCInitCommand(app), newCDCStatusCommand(app), newCDCDropCommand(app))
	return cmd
}

// changeTopic is the log of changes. It has the retention and partitions of events.
func changeTopic(partitions int) broker.Topic { return keptTopic(changes.Topic, partitions) }

func runCDC(ctx context.Context, app *App, o *cdcOptions) (err error) {
	begin := &setUp{told: ctx, over: o.once}
	defer begin.excuse(&err)
	s, err := app.begin(compile.Flags{Which: "cdc"})
	if err != nil {
		return err
	}
	wiring, options, err := s.cdcOptions(ctx)
	if err != nil {
		return err
	}
	defer wiring.close()
	options.Anew, options.Accept = o.snapshot, o.accept
	if _, err := cdc.New(options); err != nil { // before anything is started
		return err
	}
	log, err := app.openLog(ctx, s.settings, changeTopic(s.settings.Broker.Partitions))
	if err != nil {
		return err
	}
	defer log.close()
	options.Broker, options.Gone = log, log.gone()
	source, err := cdc.New(options)
	if err != nil {
		return err
	}
	services := untilLost(ctx)
	defer services.stop()
	services.on(log.lease)
	begin.over = true
	if o.once {
		err = app.cdcOnce(services.ctx, source)
	} else {
		err = app.cdcOn(services.ctx, source, cmp.Or(o.listen, s.settings.CDC.Listen))
	}
	return errors.Join(err, services.lost())
}

// cdcOptions are the target's, but for the log. The state is where the stream's is.
func (s *session) cdcOptions(ctx context.Context) (*streamWiring, cdc.Options, error) {
	wiring := &streamWiring{}
	o := s.app.cdcSource(s.settings)
	if o.URL == "" {
		return nil, o, errNoSource
	}
	store, err := s.streamState(ctx, wiring)
	if err != nil {
		wiring.close()
		return nil, o, err
	}
	o.State = store
	return wiring, o, nil
}

var errNoSource = errors.New("the target has no source database\n" +
	"  write cdc: {url: postgres://user:password@host:5432/database} into profiles.yaml, or set TIENDI_CDC_URL")

// cdcSource are the options that settings give.
func (a *App) cdcSource(s profile.Settings) cdc.Options {
	return cdc.Options{
		URL: s.CDC.URL.Reveal(), Tables: s.CDC.Tables, Slot: cmp.Or(s.CDC.Slot, cdc.DefaultSlot), Publication: cmp.Or(s.CDC.Publication, cdc.DefaultPublication),
		Partitions: s.Broker.Partitions, Clock: a.Now, Log: a.Log, Say: a.say,
	}
}

// cdcOn mirrors until the context ends.
func (a *App) cdcOn(ctx context.Context, source *cdc.Source, listen string) error {
	if listen != "" {
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			return fmt.Errorf("%w\n  choose another address with --listen", err)
		}
		a.say("health and metrics", "address", "http://"+listener.Addr().String())
		stop, err := a.serveHealth(listener, source.Ready, source)
		if err != nil {
			return err
		}
		defer stop()
	}
	return source.Run(ctx)
}

// cdcOnce mirrors what is there now.
func (a *App) cdcOnce(ctx context.Context, source *cdc.Source) error {
	progress := a.Console.Start("Mirroring")
	defer progress.Stop()
	ended := make(chan struct{})
	defer close(ended)
	go watchSnapshot(source, progress, ended)
	if err := source.Once(ctx); err != nil {
		return err
	}
	rows, count := source.Totals()
	a.say("mirrored up to now", "snapshot rows", rows, "changes", count)
	return nil
}

// watchSnapshot keeps the progress line.
func watchSnapshot(source *cdc.Source, progress *console.Progress, ended <-chan struct{}) {
	for {
		select {
		case <-ended:
			return
		case <-time.After(500 * time.Millisecond):
		}
		chunks, done, rows := 0, 0, int64(0)
		for _, t := range source.Snapshot() {
			chunks, done, rows = chunks+t.Chunks, done+t.Done, rows+t.Rows
		}
		if done < chunks {
			progress.Update("Taking the snapshot: %s rows, %d of %d chunks", console.Count(rows), done, chunks)
			continue
		}
		_, count := source.Totals()
		progress.Update("Mirroring: %s changes", console.Count(count))
	}
}
