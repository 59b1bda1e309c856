package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/serve/live"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type watchOptions struct {
	store  string
	period time.Duration
}

func newStreamWatchCommand(app *App) *cobra.Command {
	o := &watchOptions{}
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show today's figures as they move",
		Long: "Shows what the streams keep in Redis: live sessions, and today's views, carts, checkouts,\n" +
			"purchases and revenue, of the platform or of one store, each second until it is stopped.",
		Example: "  tiendi stream watch\n  tiendi stream watch --store 5f0c1c1e-8a50-4cfa-b4c3-1f5d3c1d8e11 --for 1m",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runStreamWatch(cmd.Context(), app, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.store, "store", "", "id of a store (default: the whole platform)")
	flags.DurationVar(&o.period, "for", 0, "how long (default: until it is stopped)")
	return cmd
}

// watchPause is how often the figures are read.
const watchPause = time.Second

func runStreamWatch(ctx context.Context, app *App, o *watchOptions) error {
	var store event.ID // the zero one is the platform's
	if o.store != "" {
		var err error
		if store, err = event.ParseID([]byte(o.store)); err != nil {
			return fmt.Errorf("--store: %w", err)
		}
	}
	s, err := app.open(ctx, compile.Flags{Which: "stream"})
	if err != nil {
		return err
	}
	defer s.close()
	reader, err := s.liveReader(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // it was only read from
	if o.period > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.period)
		defer cancel()
	}
	currency := s.stringVar("currency", "")
	progress := app.Console.Start("Live figures")
	defer progress.Stop()
	for last := ""; ; {
		figures, err := reader.Read(ctx, store, app.Now())
		if ctx.Err() != nil {
			progress.Stop()
			return app.printLine(last)
		}
		if err != nil {
			return err
		}
		last = liveLine(figures, currency)
		progress.Update("%s", last)
		select {
		case <-time.After(watchPause):
		case <-ctx.Done():
		}
	}
}

// printLine leaves the last figures on standard output.
func (a *App) printLine(text string) error {
	_, err := fmt.Fprintln(a.Console.Out, text)
	return err
}

func liveLine(f live.Snapshot, currency string) string {
	parts := []string{
		console.Count(f.Sessions) + " live sessions", console.Count(f.Visitors) + " visitors", console.Count(f.Today.Views) + " views",
		console.Count(f.Today.Carts) + " carts", console.Count(f.Today.Checkouts) + " checkouts", console.Count(f.Today.Purchases) + " purchases",
		strings.TrimSpace(fmt.Sprintf("%s.%02d %s", console.Count(int64(f.Today.Revenue)/100), f.Today.Revenue%100, currency)),
	}
	return strings.Join(parts, " · ")
}

var errNoRedis = errors.New("the target has no Redis, where the live figures would be\n" +
	"  set redis.url in profiles.yaml, or install redis-server on this machine; the same figures are in the views live_minute and live_daily")

// liveReader reads the Redis that the target's streams write to.
func (s *session) liveReader(ctx context.Context) (*live.Reader, error) {
	url, err := s.redisURL(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := s.zone()
	if err != nil {
		return nil, err
	}
	return live.New(url, zone)
}

// redisURL is that of the target's Redis. It starts the local services where it is theirs.
func (s *session) redisURL(ctx context.Context) (string, error) {
	url := s.settings.Redis.URL.Reveal()
	if url == "" && s.settings.Broker.Type == profile.Embedded {
		if s.lease == nil {
			var err error
			if s.lease, err = s.app.acquire(ctx, s.settings.Warehouse.MemoryLimit); err != nil {
				return "", err
			}
		}
		url = s.lease.Redis()
	}
	if url == "" {
		return "", errNoRedis
	}
	return url, nil
}
