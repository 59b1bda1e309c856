package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/stream/record"
)

func newRejectedReplay(app *App, events *eventsOptions) *cobra.Command {
	o := &rejectedOptions{}
	var dry bool
	cmd := &cobra.Command{
		Use:   "replay [ID…]",
		Short: "Take rejected events in again, once a schema or a mapping is mended",
		Long: "Takes each by the way that it came, with the time, the address and the Idempotency-Key of\n" +
			"then, and puts what now fits into " + record.TopicRaw + ". Its id is the same every time: replaying\n" +
			"again does no harm. What is refused again is a line on standard output, and stays in\n" +
			record.TopicRejected + ". IDs may be cut, as the table of `list` has them.\n\n" +
			"The exit code is 1 where one is refused again or cannot be replayed, and 2 where schemas,\n" +
			"settings or the log cannot be read.",
		Example: "  tiendi events rejected replay --dry-run\n" +
			"  tiendi events rejected replay --type coupon_used --since 24h\n" +
			"  tiendi events rejected replay 0b9f3c50 d22b2662",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			return runRejectedReplay(cmd.Context(), app, events, o, dry)
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be taken, and take nothing")
	return cmd
}

func runRejectedReplay(ctx context.Context, app *App, events *eventsOptions, o *rejectedOptions, dry bool) error {
	f, err := o.filter(app.Now())
	if err != nil {
		return err
	}
	registry, err := app.registry(events)
	if err != nil {
		return err
	}
	log, settings, err := app.rejectedLog(ctx)
	if err != nil {
		return err
	}
	defer log.close()
	r := &replaying{app: app, dry: dry, out: bufio.NewWriter(app.Console.Out), reasons: map[event.Reason]int{}}
	if r.replay, err = newReplay(registry, settings, log, dry); err != nil {
		return err
	}
	r.missing = append(r.missing, f.IDs...)
	err = app.rejects(ctx, log, f, func(one *collect.Reject, _ []byte) error {
		r.found(one)
		return r.take(ctx, one)
	})
	if err == nil {
		err = r.replay.Flush(ctx)
	}
	if err = errors.Join(err, r.out.Flush()); err != nil {
		return fmt.Errorf("%w\n  replay again: what is in the log already is recognised by its ids", err)
	}
	return r.verdict()
}

func newReplay(registry *event.Registry, s profile.Settings, log *eventLog, dry bool) (*collect.Replay, error) {
	options := collect.Options{Registry: registry, Webhooks: webhooks(s.Collect.Webhooks), Events: log.topic(record.TopicRaw)}
	if dry {
		options.Events.Log = nil
	}
	return collect.NewReplay(options)
}

// replaying counts what becomes of the rejected events.
type replaying struct {
	app     *App
	replay  *collect.Replay
	dry     bool
	out     *bufio.Writer
	all     int
	done    [collect.Cut + 1]int // by outcome
	reasons map[event.Reason]int
	missing []string // ids that were asked for and not found yet
}

func (r *replaying) found(one *collect.Reject) {
	id := one.ID.String()
	left := r.missing[:0]
	for _, wanted := range r.missing {
		if !strings.HasPrefix(id, wanted) {
			left = append(left, wanted)
		}
	}
	r.missing = left
}

func (r *replaying) take(ctx context.Context, one *collect.Reject) error {
	outcome, rejection, err := r.replay.Take(ctx, one)
	if err != nil {
		return err
	}
	r.all++
	r.done[outcome]++
	switch outcome {
	case collect.Refused:
		r.reasons[rejection.Reason]++
		_, err = fmt.Fprintf(r.out, "%s %s\n", one.ID, oneLine(rejection.Error()))
	case collect.Cut:
		_, err = fmt.Fprintf(r.out, "%s cannot be replayed: not all of it was kept (%s bytes came)\n", one.ID, console.Count(one.Bytes))
	}
	return errors.Join(err, ctx.Err())
}

// verdict says what was done, and whether all is well.
func (r *replaying) verdict() error {
	taken := "taken"
	if r.dry {
		taken = "would be taken"
	}
	text := fmt.Sprintf("%s rejected %s: %s %s", console.Count(r.all), plural("event", r.all), console.Count(r.done[collect.Taken]), taken)
	if n := r.done[collect.Refused]; n > 0 {
		text += fmt.Sprintf(", %s refused again (%s)", console.Count(n), reasonCounts(r.reasons))
	}
	if n := r.done[collect.Ignored]; n > 0 {
		text += fmt.Sprintf(", %s carry no event", console.Count(n))
	}
	if n := r.done[collect.Cut]; n > 0 {
		text += fmt.Sprintf(", %s cannot be replayed", console.Count(n))
	}
	r.app.Console.Notice("%s", text)
	if len(r.missing) > 0 {
		return &failedError{err: fmt.Errorf("not in %s: %s\n  it keeps what was refused for 7 days; see: tiendi events rejected list", record.TopicRejected, strings.Join(r.missing, ", "))}
	}
	if left := r.done[collect.Refused] + r.done[collect.Cut]; left > 0 {
		return &failedError{err: fmt.Errorf("not taken: %s of %s\n  mend the schema or the mapping and replay again; what was sent is in: tiendi events rejected list --output json",
			console.Count(left), console.Count(r.all))}
	}
	return nil
}
