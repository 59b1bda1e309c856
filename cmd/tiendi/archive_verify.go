package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/console"
)

func newArchiveVerify(app *App) *cobra.Command {
	o := &archiveOptions{}
	var output string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read the archive, and name what is damaged, missing or doubled in it",
		Long: "Reads all files, holds them against their checksums, and looks whether the files of each\n" +
			"partition lie end to end. Exit code 1 says that something is wrong; each problem is named.\n\n" +
			"Whether files are missing at the beginning or the end can be seen without --from and --to\n" +
			"only.",
		Example: "  tiendi archive verify\n" +
			"  tiendi archive verify --from 24h --topic raw\n" +
			"  tiendi archive verify --output json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runArchiveVerify(cmd.Context(), app, o, output) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func runArchiveVerify(ctx context.Context, app *App, o *archiveOptions, output string) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	c, err := app.archiveOf(o)
	if err != nil {
		return err
	}
	progress := app.Console.Start("Verifying the archive")
	defer progress.Stop()
	v, err := c.archive.Verify(ctx, c.topics, c.from, c.to, func(v archive.Verified) {
		progress.Update("Verifying the archive: %s files, %s", console.Count(v.Files), console.Bytes(v.Bytes))
	})
	if err != nil {
		return err
	}
	progress.Stop()
	if err := writeVerified(app.Console, output, v); err != nil {
		return err
	}
	if n := len(v.Problems); n > 0 {
		return &failedError{err: fmt.Errorf("the archive has %s %s\n  see docs/archive.md for what to do about each", console.Count(n), plural("problem", n))}
	}
	return nil
}

func writeVerified(c *console.Console, output string, v archive.Verified) error {
	if output == "json" {
		return json.NewEncoder(c.Out).Encode(v)
	}
	switch {
	case output != "table":
		t := console.Table{Headers: []string{"problem", "object", "detail"}}
		for _, p := range v.Problems {
			t.Rows = append(t.Rows, []string{p.Kind, oneLine(p.Object), oneLine(p.Detail)})
		}
		if err := c.WriteTable(output, t); err != nil {
			return err
		}
	default: // names are longer than a table's cells
		for _, p := range v.Problems {
			if _, err := fmt.Fprintf(c.Out, "%s: %s\n  %s\n", p.Kind, oneLine(p.Object), oneLine(p.Detail)); err != nil {
				return err
			}
		}
	}
	c.Notice("%s %s, %s %s, %s: %s %s", console.Count(v.Files), plural("file", v.Files), console.Count(v.Events), plural("line", v.Events),
		console.Bytes(v.Bytes), console.Count(len(v.Problems)), plural("problem", len(v.Problems)))
	return nil
}
