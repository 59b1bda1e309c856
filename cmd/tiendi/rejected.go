package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/spelling"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// leastID is how much of a rejected event's id names it.
const leastID = 8

// rejectedOptions choose among the rejected events.
type rejectedOptions struct {
	reason, source, kind, since string
	ids                         []string
}

// newEventsRejected makes `tiendi events rejected`: what the collector refused and
// kept.
func newEventsRejected(app *App, events *eventsOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rejected",
		Short: "Look at the events that the collector refused, and take them in again: list, replay",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newRejectedList(app), newRejectedReplay(app, events))
	return cmd
}

func (o *rejectedOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.reason, "reason", "", "only those refused for this reason, such as unknown_type")
	flags.StringVar(&o.source, "source", "", "only those of this source, by write key or webhook")
	flags.StringVar(&o.kind, "type", "", "only those of this type: event_type, or as Segment's call or the webhook names it")
	flags.StringVar(&o.since, "since", "", "only those received since: 24h, 2026-11-20 or 2026-11-20T10:00:00Z")
}

func (o *rejectedOptions) filter(now time.Time) (*collect.Filter, error) {
	f := &collect.Filter{Reason: event.Reason(o.reason), Source: o.source, Type: o.kind}
	if reasons := event.Reasons(); o.reason != "" && !slices.Contains(reasons, f.Reason) {
		var known []string
		for _, r := range reasons {
			known = append(known, string(r))
		}
		return nil, fmt.Errorf("--reason %q: there is no such reason\n  %s", o.reason, spelling.Suggest(o.reason, known))
	}
	for _, id := range o.ids {
		if len(id) < leastID || len(id) > len(event.ID{}.String()) || strings.Trim(strings.ToLower(id), "0123456789abcdef-") != "" {
			return nil, fmt.Errorf("%q is no id of a rejected event, nor the beginning of one with %d digits or more\n  find it by: tiendi events rejected list", id, leastID)
		}
		f.IDs = append(f.IDs, strings.ToLower(id))
	}
	var err error
	f.Since, err = parseSince(o.since, now)
	return f, err
}

// parseSince reads a time, or how long ago it was.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q is no time\n  write 24h, 2026-11-20 or 2026-11-20T10:00:00Z", text)
}

// rejectedLog is the target's log, which must be there, and its settings.
func (a *App) rejectedLog(ctx context.Context) (*eventLog, profile.Settings, error) {
	dir, err := a.projectDir()
	if err != nil {
		return nil, profile.Settings{}, err
	}
	name, err := projectProfile(dir)
	if err != nil {
		return nil, profile.Settings{}, err
	}
	settings, err := a.settings(name)
	if err != nil {
		return nil, settings, err
	}
	log, err := a.logOf(ctx, settings, collectTopics(settings.Broker.Partitions)...)
	if err != nil {
		return nil, settings, err
	}
	if _, err := log.get(ctx); err != nil {
		log.close()
		return nil, settings, err
	}
	return log, settings, nil
}

// rejects hands out the rejected events that a filter chooses, with their lines.
func (a *App) rejects(ctx context.Context, log *eventLog, f *collect.Filter, do func(*collect.Reject, []byte) error) error {
	topic := collect.Rejects{Broker: log, Topic: record.TopicRejected, Partitions: log.topics[0].Partitions, Log: a.Log}
	progress := a.Console.Start("reading " + record.TopicRejected)
	defer progress.Stop()
	read := 0
	return topic.Each(ctx, func(r *collect.Reject, line []byte) error {
		if read++; read%1000 == 0 {
			progress.Update("reading %s: %s", record.TopicRejected, console.Count(read))
		}
		if !f.Match(r) {
			return ctx.Err()
		}
		return do(r, line)
	})
}

// reasonCounts says how many there are of each reason.
func reasonCounts(counts map[event.Reason]int) string {
	var parts []string
	for _, reason := range event.Reasons() {
		if n := counts[reason]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", console.Count(n), reason))
		}
	}
	return strings.Join(parts, ", ")
}
