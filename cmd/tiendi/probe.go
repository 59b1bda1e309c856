package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/ingest/uptime"
)

type probeOptions struct {
	collector         remoteCollector
	interval, timeout time.Duration
	once              bool
}

// oncePatience is how long --once tries to get rid of what it has found.
const oncePatience = 30 * time.Second

func newProbeCommand(app *App) *cobra.Command {
	o := &probeOptions{}
	cmd := &cobra.Command{
		Use:   "probe URL…",
		Short: "Ask URLs for a sign of life, for the uptime KPI",
		Long: "Asks each URL every minute and sends a health_probe event of what came back to a collector.\n" +
			"A target is up where it answers without a 5xx; a minute in which nobody asked is downtime.\n" +
			"While the collector is away events are kept, 10,000 at most. Run it on another machine than\n" +
			"what it asks. The first Ctrl-C or SIGTERM waits for what was asked and sends it.",
		Example: "  tiendi probe https://shop.example.com/healthz\n" +
			"  tiendi probe https://shop.example.com/healthz https://api.example.com/healthz --to https://collect.example.com\n" +
			"  tiendi probe https://shop.example.com/healthz --once     # each minute, from cron",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runProbe(cmd.Context(), app, o, args) },
	}
	flags := cmd.Flags()
	o.collector.addFlags(flags)
	flags.DurationVar(&o.interval, "interval", time.Minute, "time between questions; the project's var probe_interval_minutes must say the same")
	flags.DurationVar(&o.timeout, "timeout", 10*time.Second, "longest time for an answer")
	flags.BoolVar(&o.once, "once", false, "ask once and end")
	return cmd
}

func runProbe(ctx context.Context, app *App, o *probeOptions, targets []string) error {
	options := uptime.Options{
		Interval: o.interval, Timeout: o.timeout, Now: app.Now, Sleep: sleep, Send: o.send,
		Answered: app.answered(o.once),
		Away: func(waiting int, err error) {
			app.Log.Warn("the collector takes no events now, they are kept", "waiting", waiting, "error", err)
		},
	}
	for _, t := range targets {
		target, err := url.Parse(t)
		if err != nil {
			return err
		}
		options.Targets = append(options.Targets, target)
	}
	p, err := uptime.New(options)
	if err != nil {
		return err
	}
	if o.once {
		return p.Once(ctx, oncePatience)
	}
	return p.Run(ctx)
}

// send implements uptime.Options.Send.
func (o *probeOptions) send(ctx context.Context, lines [][]byte) (again bool, err error) {
	_, refused, again, err := o.collector.post(ctx, lines)
	if err == nil && len(refused) > 0 {
		err = fmt.Errorf("the collector at %s refuses %d of %d events: %s", o.collector.to, len(refused), len(lines), refused[0])
	}
	return again, err
}

// answered tells people the first answer of each target, and the next that is up where the
// last one was not, or the other way round; all of them where there is no next.
func (a *App) answered(all bool) func(uptime.Answer) {
	last := map[string]bool{}
	return func(answer uptime.Answer) {
		was, known := last[answer.Target]
		if last[answer.Target] = answer.Up(); known && was == answer.Up() && !all {
			return
		}
		said := []any{"target", answer.Target, "status", answer.Status, "duration_ms", answer.Took.Milliseconds()}
		if answer.Err != nil {
			said = append(said, "error", answer.Err)
		}
		state := "down"
		if answer.Up() {
			state = "up"
		}
		a.say(state, said...)
	}
}

// sleep waits for so long, or until ctx is done.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
