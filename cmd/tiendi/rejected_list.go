package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/stream/record"
)

func newRejectedList(app *App) *cobra.Command {
	o := &rejectedOptions{}
	var output string
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the newest rejected events, and count all by reason",
		Long: "Reads the topic " + record.TopicRejected + " from its first record to its end as it is now. It holds\n" +
			"what was refused in the last 7 days, replayed or not. The newest come first.",
		Example: "  tiendi events rejected list\n" +
			"  tiendi events rejected list --reason unknown_type --since 24h\n" +
			"  tiendi events rejected list --source web --limit 1000 --output json > rejected.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runRejectedList(cmd.Context(), app, o, output, limit)
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().IntVar(&limit, "limit", 50, "list so many, the newest")
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, csv or markdown; or json: whole records, with what was sent as raw")
	return cmd
}

func runRejectedList(ctx context.Context, app *App, o *rejectedOptions, output string, limit int) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	if limit < 1 {
		return fmt.Errorf("--limit %d: give a number from 1", limit)
	}
	f, err := o.filter(app.Now())
	if err != nil {
		return err
	}
	log, _, err := app.rejectedLog(ctx)
	if err != nil {
		return err
	}
	defer log.close()
	list := &rejectedList{limit: limit, lines: output == "json"}
	counts, all := map[event.Reason]int{}, 0
	err = app.rejects(ctx, log, f, func(r *collect.Reject, line []byte) error {
		counts[r.Reason]++
		all++
		list.add(r, line)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := list.write(app.Console, output); err != nil {
		return err
	}
	text := fmt.Sprintf("%s rejected %s", console.Count(all), plural("event", all))
	if all > 0 {
		text += ": " + reasonCounts(counts)
	}
	if all > limit {
		text += fmt.Sprintf("; shown are the newest %s", console.Count(limit))
	}
	app.Console.Notice("%s", text)
	return nil
}

func (l *rejectedList) write(c *console.Console, output string) error {
	slices.SortFunc(l.items, func(r, s listedReject) int { return s.compare(r) })
	if output == "json" {
		return l.writeJSON(c.Out)
	}
	table := console.Table{Headers: []string{"received", "source", "type", "reason", "pointer", "detail", "id"}}
	for _, item := range l.items {
		id := item.id.String()
		if output == "table" {
			id = id[:leastID]
		}
		row := append(item.cells, id)
		for i, cell := range row {
			row[i] = oneLine(cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return c.WriteTable(output, table)
}

// oneLine keeps what strangers have sent from moving the cursor.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, text)
}

// writeJSON prints the records as they stand in the topic.
func (l *rejectedList) writeJSON(w io.Writer) error {
	lines := make([][]byte, len(l.items))
	for i, item := range l.items {
		lines[i] = item.line
	}
	_, err := fmt.Fprintf(w, "[%s]\n", bytes.Join(lines, []byte(",\n")))
	return err
}
