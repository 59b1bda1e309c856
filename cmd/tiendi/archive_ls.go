package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/console"
)

func newArchiveLs(app *App) *cobra.Command {
	o := &archiveOptions{}
	var output string
	var files bool
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List what the archive has, by hour and topic",
		Long: "Lists how many files there are of each hour and topic, how many events and bytes are in\n" +
			"them, and of which times the events are. Hours are UTC, and those in which something came\n" +
			"in; events may be older.",
		Example: "  tiendi archive ls\n" +
			"  tiendi archive ls --topic raw --from 2026-11-20 --to 2026-11-21\n" +
			"  tiendi archive ls --from 24h --files --output json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runArchiveLs(cmd.Context(), app, o, output, files) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().BoolVar(&files, "files", false, "list each file, with its partition and offsets")
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

// archiveLine is a line of the list: a file or, without partition and offsets, all of a
// topic's hour.
type archiveLine struct {
	Hour      time.Time `json:"hour"`
	Topic     string    `json:"topic"`
	Partition *int      `json:"partition,omitempty"`
	Log       string    `json:"log,omitempty"`
	From      *uint64   `json:"first_offset,omitempty"`
	Last      *uint64   `json:"last_offset,omitempty"`
	File      string    `json:"file,omitempty"`
	Files     int       `json:"files"`
	Events    int       `json:"events"`
	Bytes     int64     `json:"bytes"`              // of the files
	Content   int64     `json:"uncompressed_bytes"` // of what is in them
	First     time.Time `json:"first,omitzero"`     // time of an event
	Latest    time.Time `json:"last,omitzero"`
}

func runArchiveLs(ctx context.Context, app *App, o *archiveOptions, output string, files bool) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	c, err := app.archiveOf(o)
	if err != nil {
		return err
	}
	progress := app.Console.Start("Looking at the archive")
	defer progress.Stop()
	lines, seen := []archiveLine{}, 0
	err = c.each(ctx, func(h archive.Held) error {
		if n := len(lines); !files && n > 0 && lines[n-1].Topic == h.Topic && lines[n-1].Hour.Equal(h.Hour) {
			lines[n-1].add(h)
		} else {
			lines = append(lines, lineOf(h, files))
		}
		seen++
		progress.Update("Looking at the archive: %s files, at %s", console.Count(seen), h.Hour.Format("2006-01-02 15:04"))
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	progress.Stop()
	if output == "json" {
		return json.NewEncoder(app.Console.Out).Encode(lines)
	}
	if err := app.Console.WriteTable(output, archiveTable(lines, files)); err != nil {
		return err
	}
	var total archiveLine
	for _, l := range lines {
		total.Events, total.Bytes = total.Events+l.Events, total.Bytes+l.Bytes
	}
	app.Console.Notice("%s %s: %s %s in %s", console.Count(seen), plural("file", seen), console.Count(total.Events), plural("line", total.Events), console.Bytes(total.Bytes))
	return nil
}

func lineOf(h archive.Held, file bool) archiveLine {
	l := archiveLine{Hour: h.Hour, Topic: h.Topic}
	if file {
		last := h.To - 1
		l.Partition, l.Log, l.From, l.Last, l.File = &h.Partition, h.Log, &h.From, &last, h.Name()
	}
	l.add(h)
	return l
}

func (l *archiveLine) add(h archive.Held) {
	m := h.Manifest
	l.Files++
	l.Events += m.Events
	l.Bytes += h.Size
	l.Content += m.Bytes
	if !m.First.IsZero() && (l.First.IsZero() || m.First.Before(l.First)) {
		l.First = m.First
	}
	if m.Last.After(l.Latest) {
		l.Latest = m.Last
	}
}

func archiveTable(lines []archiveLine, files bool) console.Table {
	t := console.Table{
		Headers: []string{"hour", "topic", "files", "lines", "size", "first", "last"},
		Right:   []bool{false, false, true, true, true},
	}
	if files {
		t.Headers = []string{"hour", "topic", "partition", "offsets", "lines", "size", "first", "last"}
		t.Right = []bool{false, false, true, false, true, true}
	}
	for _, l := range lines {
		row := []string{l.Hour.Format("2006-01-02 15:04"), l.Topic}
		if files {
			row = append(row, strconv.Itoa(*l.Partition), fmt.Sprintf("%d-%d", *l.From, *l.Last))
		} else {
			row = append(row, console.Count(l.Files))
		}
		t.Rows = append(t.Rows, append(row, console.Count(l.Events), console.Bytes(l.Bytes), dateTime(l.First), dateTime(l.Latest)))
	}
	return t
}
