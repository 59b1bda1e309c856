package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// newListCommands are the lists of the semantic layer, under `tiendi list` as
// MetricFlow has them.
func newListCommands(app *App) []*cobra.Command {
	return []*cobra.Command{newListMetricsCommand(app), newListDimensionsCommand(app), newListValuesCommand(app), newListSavedCommand(app)}
}

func newListMetricsCommand(app *App) *cobra.Command {
	var search, output string
	cmd := &cobra.Command{
		Use:     "metrics",
		Short:   "List the metrics, with what they mean",
		Example: "  tiendi list metrics\n  tiendi list metrics --search customers",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.listed(cmd.Context(), output, func(man *semantic.Manifest) (console.Table, error) {
				return metricTable(man, search), nil
			})
		},
	}
	cmd.Flags().StringVar(&search, "search", "", "only those with this text in name, label or description")
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func metricTable(man *semantic.Manifest, search string) console.Table {
	t := console.Table{Headers: []string{"metric", "type", "unit", "description"}}
	for _, m := range man.Metrics {
		text := strings.ToLower(m.Name + " " + m.Label + " " + m.Description)
		if !m.Hidden && strings.Contains(text, strings.ToLower(search)) {
			t.Rows = append(t.Rows, []string{m.Name, m.Type, m.Unit, m.Description})
		}
	}
	return t
}

func newListDimensionsCommand(app *App) *cobra.Command {
	var metrics []string
	var output string
	cmd := &cobra.Command{
		Use:     "dimensions",
		Short:   "List what metrics can be grouped and filtered by",
		Long:    "Lists the dimensions, entities and times that all of the metrics have in common.",
		Example: "  tiendi list dimensions --metrics gmv,orders",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.listed(cmd.Context(), output, func(man *semantic.Manifest) (console.Table, error) {
				return dimensionTable(man, metrics)
			})
		},
	}
	cmd.Flags().StringSliceVar(&metrics, "metrics", nil, "metrics to group (default: whatever can be asked of any)")
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func dimensionTable(man *semantic.Manifest, metrics []string) (console.Table, error) {
	t := console.Table{Headers: []string{"dimension", "type", "grain", "description"}}
	offered, err := man.Offered(metrics...)
	for _, one := range offered {
		t.Rows = append(t.Rows, []string{one.Name, one.Type, string(one.Grain), one.Description})
	}
	return t, err
}

func newListValuesCommand(app *App) *cobra.Command {
	o := &queryOptions{weekStart: "monday", limit: 100, decimals: ownDecimals}
	cmd := &cobra.Command{
		Use:     "dimension-values DIMENSION",
		Short:   "List the values of a dimension",
		Example: "  tiendi list dimension-values store__city",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.groupBy = args
			return runQuery(cmd.Context(), app, o)
		},
	}
	cmd.Flags().IntVar(&o.limit, "limit", 100, "values to print at most; 0 for all")
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func newListSavedCommand(app *App) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "saved-queries",
		Short: "List the saved queries",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.listed(cmd.Context(), output, func(man *semantic.Manifest) (console.Table, error) {
				t := console.Table{Headers: []string{"saved query", "metrics", "description"}}
				for _, q := range man.SavedQueries {
					t.Rows = append(t.Rows, []string{q.Name, strings.Join(slices.Clone(q.Metrics), ", "), q.Description})
				}
				return t, nil
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

// listed opens the project's metrics and prints a list of them.
func (a *App) listed(ctx context.Context, output string, list func(*semantic.Manifest) (console.Table, error)) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	s, err := a.open(ctx, compile.Flags{Which: "list"})
	if err != nil {
		return err
	}
	defer s.close()
	man, err := s.semantic()
	if err != nil {
		return err
	}
	t, err := list(man)
	if err != nil {
		return err
	}
	if len(t.Rows) == 0 {
		a.Console.Notice("there is none")
		return nil
	}
	return a.Console.WriteTable(output, t)
}
