package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

const (
	// ownDecimals is the value of --decimals where each unit has its own.
	ownDecimals = -1
	maxDecimals = 18
)

// settleOutput checks in which form the answer is wanted.
func (o *queryOptions) settleOutput() error {
	switch {
	case o.csv != "" && o.output != "csv" && o.output != "table": // which is the default
		return fmt.Errorf("--csv writes CSV, and --output says %s: give one of them", o.output)
	case o.csv != "":
		o.output = "csv"
	}
	if o.decimals < ownDecimals || o.decimals > maxDecimals {
		return fmt.Errorf("--decimals %d: want 0 to %d", o.decimals, maxDecimals)
	}
	if o.decimals != ownDecimals && o.output != "table" && o.output != "markdown" {
		return fmt.Errorf("--decimals is for tables: %s has all that there are", o.output)
	}
	return console.CheckFormat(o.output)
}

// answer runs a statement and prints its rows.
func (s *session) answer(ctx context.Context, statement semantic.Statement, o *queryOptions) error {
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	progress := s.app.Console.Start("Computing")
	// Amounts of money are read with all their places.
	places := warehouse.WithSettings(map[string]any{"output_format_decimal_trailing_zeros": 1})
	rows, err := client.QueryJSON(ctx, statement.SQL, 0, places)
	progress.Stop()
	switch {
	case warehouse.IsMisfit(err) && len(o.where) > 0:
		return fmt.Errorf("--where compares what cannot be compared, or is no condition: look at the types of its dimensions and values\n  %w", err)
	case err != nil:
		return &failedError{err: err}
	}
	if o.output == "json" {
		return writeRows(s.app.Console, o.output, rows)
	}
	table, err := tableOf(rows)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		s.app.Console.Notice("no rows")
	}
	table = answerTable(statement.Columns, table.Rows, o)
	if o.csv == "" {
		return s.app.Console.WriteTable(o.output, table)
	}
	var text bytes.Buffer
	if err := (&console.Console{Out: &text}).WriteTable(o.output, table); err != nil {
		return err
	}
	if err := compile.WriteFile(o.csv, text.Bytes(), 0o644); err != nil {
		return err
	}
	s.app.Console.Notice("%d rows written to %s", len(rows), o.csv)
	return nil
}
