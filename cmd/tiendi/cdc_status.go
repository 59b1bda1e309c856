package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newCDCStatusCommand(app *App) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say how far the mirroring is, and whether the slot endangers the database",
		Long: "Shows the slot, how far behind it is in bytes of PostgreSQL's log and in seconds, how much\n" +
			"log is kept for it, and the snapshot of each table. Warnings go to standard error. The exit\n" +
			"code is 1 where changes are lost, or there is nothing to mirror by yet.",
		Example: "  tiendi cdc status\n  tiendi cdc status --output json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCDCStatus(cmd.Context(), app, output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func runCDCStatus(ctx context.Context, app *App, output string) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	s, err := app.begin(compile.Flags{Which: "cdc"})
	if err != nil {
		return err
	}
	wiring, o, err := s.cdcOptions(ctx)
	if err != nil {
		return err
	}
	defer wiring.close()
	status, err := cdc.ReadStatus(ctx, o)
	if err != nil {
		return err
	}
	if output == "json" {
		err = json.NewEncoder(app.Console.Out).Encode(status)
	} else {
		err = app.Console.WriteTable(output, cdcStatusTable(status))
	}
	if err != nil {
		return err
	}
	for _, warning := range status.Warnings {
		app.warn(warning)
	}
	switch {
	case status.Lost != "":
		return &failedError{err: errors.New(status.Lost)}
	case !status.Exists:
		return &failedError{err: fmt.Errorf("there is no slot %s yet: start tiendi cdc", status.Slot)}
	}
	return nil
}

// cdcStatusTable has a row for each thing worth knowing, tables last.
func cdcStatusTable(s *cdc.Status) console.Table {
	t := console.Table{Headers: []string{"what", "value"}}
	add := func(what, format string, args ...any) {
		t.Rows = append(t.Rows, []string{what, fmt.Sprintf(format, args...)})
	}
	add("slot", "%s, %s", s.Slot, slotState(s))
	if s.Exists {
		add("behind", "%s, %s", console.Bytes(s.LagBytes), console.Duration(time.Duration(s.LagSeconds*float64(time.Second))))
		add("log kept", "%s, %s", console.Bytes(s.KeptBytes), cmp.Or(s.WALStatus, "unknown"))
		limit := "none"
		if s.LimitBytes >= 0 {
			limit = fmt.Sprintf("%s, %s left", console.Bytes(s.LimitBytes), console.Bytes(max(0, s.LeftBytes)))
		}
		add("limit", "%s (max_slot_wal_keep_size)", limit)
		add("confirmed", "%s of %s", s.Confirmed, s.Current)
	}
	if s.FreeBytes >= 0 {
		add("free disk", "%s", console.Bytes(s.FreeBytes))
	}
	for _, one := range s.Tables {
		state := "not begun"
		switch {
		case one.Planned && one.Done == one.Chunks:
			state = "done"
		case one.Planned:
			state = fmt.Sprintf("%d of %d chunks", one.Done, one.Chunks)
		}
		add(strings.TrimPrefix(one.Table, "public."), "snapshot %s, %s rows", state, console.Count(one.Rows))
	}
	return t
}

func slotState(s *cdc.Status) string {
	switch {
	case !s.Exists:
		return "not there"
	case s.Active:
		return "in use"
	}
	return "not in use"
}
