package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type queryOptions struct {
	metrics, groupBy, where, orderBy, stores []string
	start, end, saved, compare, output       string
	timeZone, weekStart, csv                 string
	limit, decimals                          int
	explain, sparse                          bool
}

func newQueryCommand(app *App) *cobra.Command {
	o := &queryOptions{}
	cmd := &cobra.Command{
		Use:   "query",
		Short: "Ask for metrics by dimensions",
		Long: "Computes metrics of the semantic layer (metrics/*.yml) and prints them. `tiendi list metrics`\n" +
			"says which there are, `tiendi list dimensions --metrics gmv` what they can be grouped by.\n" +
			"Dimensions are called entity__dimension, time metric_time__day, __week, __month, __quarter\n" +
			"or __year. Conditions compare dimensions with values.",
		Example: "  tiendi query --metrics gmv,orders,aov --group-by metric_time__month\n" +
			"  tiendi query --metrics gmv,conversion_rate --group-by store__name --order-by -gmv --limit 10\n" +
			"  tiendi query --metrics gmv --group-by product__category --where \"store__city = 'Lima'\"\n" +
			"  tiendi query --metrics gmv,active_users --start-time 2026-11-01 --end-time 2026-11-30 --compare previous_period\n" +
			"  tiendi query --metrics customer_ltv --group-by store__name --explain",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runQuery(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.metrics, "metrics", nil, "metrics to compute")
	f.StringSliceVar(&o.groupBy, "group-by", nil, "dimensions and time to group by: store__name,metric_time__day")
	f.StringArrayVar(&o.where, "where", nil, "condition that must hold; may be given again")
	f.StringVar(&o.start, "start-time", "", "first day, YYYY-MM-DD")
	f.StringVar(&o.end, "end-time", "", "last day, included, YYYY-MM-DD")
	f.StringSliceVar(&o.orderBy, "order-by", nil, "columns to order by, with - in front for the largest first")
	f.IntVar(&o.limit, "limit", 0, "rows to print at most")
	f.StringVar(&o.compare, "compare", "", "previous_period or previous_year: print the metrics' values of then, and the change")
	f.StringVar(&o.saved, "saved-query", "", "a saved query to run")
	f.StringSliceVar(&o.stores, "stores", nil, "ids of stores to read as their vendor may: nothing of other stores")
	f.StringVar(&o.timeZone, "time-zone", "", "where days are cut, for metrics of moments (default: the platform's)")
	f.StringVar(&o.weekStart, "week-start", "monday", "first day of a week")
	f.BoolVar(&o.sparse, "sparse", false, "leave out periods in which nothing happened, instead of counts of 0")
	f.BoolVar(&o.explain, "explain", false, "print the SQL instead of running it")
	f.StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	f.StringVar(&o.csv, "csv", "", "file to write the answer to, as --output csv has it")
	f.IntVar(&o.decimals, "decimals", ownDecimals, "decimals of all figures in a table or in Markdown (default: those of each unit)")
	f.StringSliceVar(&o.orderBy, "order", nil, "as --order-by")
	_ = f.MarkHidden("order") // MetricFlow's name
	return cmd
}

func runQuery(ctx context.Context, app *App, o *queryOptions) error {
	if err := o.settleOutput(); err != nil {
		return err
	}
	q, err := o.query()
	if err != nil {
		return err
	}
	open := app.openConnected
	if o.explain {
		open = app.open
	}
	s, err := open(ctx, compile.Flags{Which: "query"})
	if err != nil {
		return err
	}
	defer s.close()
	man, err := s.semantic()
	if err != nil {
		return err
	}
	statement, err := man.Compile(q)
	if err != nil {
		return err
	}
	if o.explain {
		_, err := io.WriteString(app.Console.Out, statement.SQL+"\n")
		return err
	}
	return s.answer(ctx, statement, o)
}

// query settles the options.
func (o *queryOptions) query() (semantic.Query, error) {
	q := semantic.Query{
		Metrics: o.metrics, GroupBy: o.groupBy, Where: o.where, OrderBy: o.orderBy, Limit: o.limit, Saved: o.saved,
		TimeZone: o.timeZone, Compare: semantic.Comparison(o.compare), Stores: o.stores, Sparse: o.sparse,
	}
	if len(o.metrics) == 0 && len(o.groupBy) == 0 && o.saved == "" {
		return q, errors.New("say what to compute: --metrics gmv,orders or --saved-query …\n  see what there is: tiendi list metrics")
	}
	var err error
	if q.Start, err = queryDay("--start-time", o.start); err != nil {
		return q, err
	}
	if q.End, err = queryDay("--end-time", o.end); err != nil {
		return q, err
	}
	if !q.End.IsZero() {
		q.End = q.End.AddDate(0, 0, 1)
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), o.weekStart) {
			q.WeekStart = &d
		}
	}
	if q.WeekStart == nil {
		return q, fmt.Errorf("--week-start %q is no day of the week: want monday or sunday, for one", o.weekStart)
	}
	return q, nil
}

// queryDay reads a day, which may be written as the moment that it begins.
func queryDay(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.DateTime} {
		if day, err := time.Parse(layout, text); err == nil && day.Equal(day.Truncate(24*time.Hour)) {
			return day, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q is no day: want YYYY-MM-DD", flag, text)
}
