package main

import (
	"bufio"
	"context"
	"io"

	"github.com/spf13/cobra"
)

func newArchiveCat(app *App) *cobra.Command {
	o := &archiveOptions{}
	cmd := &cobra.Command{
		Use:   "cat",
		Short: "Print what the archive has, as lines of JSON",
		Long: "Prints the lines of all files of the chosen hours, in the order in which they came, partition\n" +
			"by partition. Each file is held against its checksum before its lines are printed; where\n" +
			"files are missing or there twice, nothing is.",
		Example: "  tiendi archive cat --topic raw --from 2026-11-20 --to 2026-11-21 > day.ndjson\n" +
			"  tiendi archive cat --topic cdc --from 1h | jq 'select(.table == \"orders\")'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runArchiveCat(cmd.Context(), app, o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runArchiveCat(ctx context.Context, app *App, o *archiveOptions) error {
	c, err := app.archiveOf(o)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(app.Console.Out, 1<<16)
	for _, topic := range c.topics {
		if err := c.print(ctx, topic, out); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (c archiveChoice) print(ctx context.Context, topic string, out io.Writer) error {
	files, err := c.archive.Files(ctx, topic, c.from, c.to)
	if err != nil {
		return archiveError(err)
	}
	for _, f := range files {
		_, err := c.archive.Read(ctx, f, func(line []byte) error {
			if _, err := out.Write(line); err != nil {
				return err
			}
			_, err := out.Write([]byte{'\n'})
			return err
		})
		if err != nil {
			return archiveError(err)
		}
	}
	return nil
}
