package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
)

type sendOptions struct {
	collector remoteCollector
	rate      int
	now       bool
	period    time.Duration
}

func newEventsSend(app *App, o *eventsOptions) *cobra.Command {
	s := &sendOptions{}
	cmd := &cobra.Command{
		Use:   "send FILE…",
		Short: "Send files of events to a collector",
		Long: "Posts NDJSON files, plain or as .gz or .zst, to a collector, and sends again what it does\n" +
			"not take at once. Events keep their ids, so that sending a file twice changes nothing.",
		Example: "  tiendi events send data/events/*.ndjson\n" +
			"  tiendi events send sample.ndjson --to https://collect.example.com --key \"$WRITE_KEY\"\n" +
			"  tiendi events send day.ndjson --now --rate 500 --for 1m     # as if it happened now",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runEventsSend(cmd.Context(), app, o, s, args) },
	}
	flags := cmd.Flags()
	s.collector.addFlags(flags)
	flags.IntVar(&s.rate, "rate", 0, "events a second (default: as fast as the collector takes them)")
	flags.BoolVar(&s.now, "now", false, "give each event the time of its sending")
	flags.DurationVar(&s.period, "for", 0, "stop after so long (default: at the files' end)")
	return cmd
}

// sending is files of events on their way.
type sending struct {
	*sendOptions
	app      *App
	registry *event.Registry
	progress *console.Progress
	began    time.Time

	batch    [][]byte
	accepted int
	refused  int
}

// sendBatch is how many events go in a request; at a low rate, what a fifth of a
// second brings.
const sendBatch = 500

func runEventsSend(ctx context.Context, app *App, o *eventsOptions, options *sendOptions, files []string) error {
	registry, err := app.registry(o)
	if err != nil {
		return err
	}
	if options.period > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, options.period)
		defer cancel()
	}
	s := &sending{sendOptions: options, app: app, registry: registry, began: time.Now(), progress: app.Console.Start("Sending events")}
	defer s.progress.Stop()
	for _, file := range files {
		if err = s.file(ctx, file); err != nil {
			break
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // as long as it was asked for
	}
	s.progress.Stop()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(app.Console.Out, "accepted %d, rejected %d\n", s.accepted, s.refused)
	return err
}

func (s *sending) file(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	defer func() { _ = f.Close() }()
	plain, done, err := decompressed(f, path)
	if err != nil {
		return err
	}
	defer done()
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, event.MaxEventBytes)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		s.batch = append(s.batch, bytes.Clone(lines.Bytes()))
		if len(s.batch) < s.atOnce() {
			continue
		}
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return s.flush(ctx)
}

func (s *sending) atOnce() int {
	if s.rate == 0 {
		return sendBatch
	}
	return min(max(s.rate/5, 1), sendBatch)
}

// flush sends what has come together, once its time has come.
func (s *sending) flush(ctx context.Context) error {
	if len(s.batch) == 0 {
		return nil
	}
	if s.rate > 0 {
		due := s.began.Add(time.Duration(s.accepted+s.refused) * time.Second / time.Duration(s.rate))
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.now {
		s.happenNow()
	}
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		again, err := s.post(ctx)
		if err == nil {
			break
		}
		if !again || ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		s.progress.Update("Sending events: %v; trying again", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.batch = s.batch[:0]
	s.progress.Update("Sending events: %s accepted", console.Count(s.accepted))
	return nil
}
