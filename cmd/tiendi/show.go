package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

type showOptions struct {
	selection
	inline string
	limit  int
	output string
}

func newShowCommand(app *App) *cobra.Command {
	o := &showOptions{}
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the first rows of a model, or of a query",
		Long: "Compiles a model, test or analysis, or a query given with --inline, runs it, and prints\n" +
			"its rows on standard output. Nothing is built: what the query reads must stand already.",
		Example: "  tiendi show -s sales_mart\n" +
			"  tiendi show --inline \"select store_id, sum(gmv) from {{ ref('sales_mart') }} group by 1\" --limit 20\n" +
			"  tiendi show -s sales_mart --output json --limit -1 > sales.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runShow(cmd.Context(), app, o) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.inline, "inline", "", "SQL with Jinja to run instead of a node")
	cmd.Flags().IntVar(&o.limit, "limit", 5, "rows to print at most; -1 for all")
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func runShow(ctx context.Context, app *App, o *showOptions) error {
	if err := console.CheckFormat(o.output); err != nil {
		return err
	}
	if (o.inline == "") == (len(o.selects) == 0 && o.selector == "") {
		return errors.New("say what to show: either a node with -s, or a query with --inline")
	}
	s, err := app.open(ctx, compile.Flags{Which: "show"})
	if err != nil {
		return err
	}
	defer s.close()
	sql, err := o.query(ctx, s)
	if err != nil {
		return err
	}
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	// Amounts of money are read with all their places, and line up.
	places := warehouse.WithSettings(map[string]any{"output_format_decimal_trailing_zeros": 1})
	rows, err := client.QueryJSON(ctx, sql, max(0, o.limit), places)
	if err != nil {
		return &failedError{err: err}
	}
	return writeRows(app.Console, o.output, rows)
}

// query is the SQL to run.
func (o *showOptions) query(ctx context.Context, s *session) (string, error) {
	c, err := s.compiler(ctx)
	if err != nil {
		return "", err
	}
	if o.inline != "" {
		return c.Inline(ctx, o.inline)
	}
	nodes, err := o.nodes(s)
	if err != nil {
		return "", err
	}
	n := shown(nodes)
	switch {
	case n == nil:
		return "", fmt.Errorf("-s %s takes %d nodes that can be shown: name one model, seed, test or analysis",
			strings.Join(o.selects, " "), len(nodes))
	case n.Kind == project.Seed:
		return "select * from " + warehouse.Ident(n.Relation.Schema) + "." + warehouse.Ident(n.Relation.Identifier), nil
	}
	out, err := c.Compile(ctx, n, nil)
	return out.SQL, err
}

// shown is the one node among those selected that has rows to show; a model
// brings its tests along, which are not meant then.
func shown(nodes []*project.Node) *project.Node {
	var found *project.Node
	for _, tests := range []bool{false, true} {
		for _, n := range nodes {
			if (n.Kind == project.Test) != tests || !compiles(n) && n.Kind != project.Seed {
				continue
			}
			if found != nil {
				return nil
			}
			found = n
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// writeRows prints JSON objects. JSON stays as the warehouse wrote it, numbers
// with all their digits.
func writeRows(c *console.Console, format string, rows []json.RawMessage) error {
	if format == "json" {
		var out bytes.Buffer
		out.WriteString("[")
		for i, row := range rows {
			if i > 0 {
				out.WriteString(",")
			}
			out.WriteString("\n  ")
			out.Write(row)
		}
		if len(rows) > 0 {
			out.WriteString("\n")
		}
		out.WriteString("]\n")
		_, err := c.Out.Write(out.Bytes())
		return err
	}
	table, err := tableOf(rows)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		c.Notice("no rows")
		return nil
	}
	return c.WriteTable(format, table)
}

// tableOf lays JSON objects out as cells, columns in the order of the query.
func tableOf(rows []json.RawMessage) (console.Table, error) {
	var t console.Table
	for i, row := range rows {
		names, cells, figures, err := cellsOf(row)
		if err != nil {
			return t, fmt.Errorf("row %d of the result: %w", i+1, err)
		}
		if i == 0 {
			t.Headers, t.Right = names, figures
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

// cellsOf splits one object. Text loses its quotes, null is empty.
func cellsOf(row json.RawMessage) (names, cells []string, figures []bool, err error) {
	d := json.NewDecoder(bytes.NewReader(row))
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, nil, nil, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, nil, nil, err
		}
		name, _ := key.(string)
		names = append(names, name)
		cells = append(cells, cellText(value))
		figures = append(figures, len(value) > 0 && strings.IndexByte("-0123456789", value[0]) >= 0)
	}
	return names, cells, figures, nil
}

func cellText(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s // null leaves it empty
	}
	return string(value)
}
