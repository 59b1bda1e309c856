package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/etl"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type etlOptions struct {
	date, source, notify, output string
	steps                        []string
	maxWait                      time.Duration
	restart                      bool
}

func newETLCommand(app *App) *cobra.Command {
	o := &etlOptions{}
	cmd := &cobra.Command{
		Use:   "etl",
		Short: "Do the night's work for a day",
		Long: "Works up a day, in steps:\n\n" +
			"  wait       until the day is over for the data: the streams' watermarks, or the newest event\n" +
			"  extract    changed rows of the shop's PostgreSQL (--source); otherwise looks what is there\n" +
			"  transform  builds staging, marts and what stands on them\n" +
			"  load       builds daily_metrics and product_metrics\n" +
			"  cache      rewrites the day in Redis\n" +
			"  notify     sends the day's reports and alerts, where the target says how; prints them\n\n" +
			"Each step is written down in the warehouse, so that the same command goes on after a\n" +
			"failure, and does nothing once all is done. A second one at the same time is refused.",
		Example: "  tiendi etl\n" +
			"  tiendi etl --date 2026-01-31 --max-wait 2h --output json\n" +
			"  tiendi etl --date 2026-01-31 --steps transform,load\n" +
			"  tiendi etl --date 2026-01-31 --restart",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runETL(cmd.Context(), app, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.date, "date", "", "day in the project's time zone (default: yesterday)")
	flags.StringSliceVar(&o.steps, "steps", nil, "steps to do, of those above; the ones before them must be done (default: all)")
	flags.DurationVar(&o.maxWait, "max-wait", time.Hour, "how long to wait for the day to be over; 0 goes on with what is there")
	flags.StringVar(&o.source, "source", "", "URL of the shop's PostgreSQL, where CDC does not feed the raw tables; better as TIENDI_SOURCE")
	flags.StringVar(&o.notify, "notify", "send", "what the last step does: send (where the target says how, and print), print or none")
	flags.BoolVar(&o.restart, "restart", false, "do steps again that are done")
	flags.StringVarP(&o.output, "output", "o", "table", "result as table, json, csv or markdown")
	return cmd
}

func (o *etlOptions) check() error {
	switch {
	case o.notify != "send" && o.notify != "print" && o.notify != "none":
		return fmt.Errorf("--notify %q: use send, print or none", o.notify)
	case o.maxWait < 0:
		return fmt.Errorf("--max-wait %s: give 0 or more", o.maxWait)
	}
	return console.CheckFormat(o.output)
}

// day is the one that is worked up, at midnight UTC.
func (o *etlOptions) day(now time.Time, zone *time.Location) (time.Time, error) {
	year, month, today := now.In(zone).Date()
	last := time.Date(year, month, today-1, 0, 0, 0, 0, time.UTC)
	if o.date == "" {
		return last, nil
	}
	date, err := time.Parse(time.DateOnly, o.date)
	if err != nil {
		return date, fmt.Errorf("--date %q is no day: want YYYY-MM-DD", o.date)
	}
	if date.After(last) {
		return date, fmt.Errorf("--date %s is not over in %s", o.date, zone)
	}
	return date, nil
}

func runETL(ctx context.Context, app *App, o *etlOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "run"})
	if err != nil {
		return err
	}
	defer s.close()
	zone, err := s.zone()
	if err != nil {
		return err
	}
	n := &nightWork{session: s, options: o, zone: zone}
	if n.date, err = o.day(app.Now(), zone); err != nil {
		return err
	}
	if err := os.MkdirAll(s.targetDir(), 0o755); err != nil {
		return err
	}
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	reports, err := etl.Run(ctx, etl.Options{
		Date: n.date, Only: o.steps, Restart: o.restart, Dir: s.targetDir(), Steps: n.steps(),
		Journal: &journal.Journal{Warehouse: s.client, Database: s.settings.Warehouse.Database, Cluster: s.settings.Warehouse.Cluster},
		Logger:  app.Log, Clock: app.Now, Tell: n.tell,
	})
	return n.conclude(reports, err)
}

// tell says what a step does, as it does it.
func (n *nightWork) tell(r etl.Report) {
	app := n.session.app
	switch {
	case app.json:
		app.Log.Info("step "+string(r.State), "step", r.Name, "seconds", r.Seconds, "done_before", r.Before, "message", r.Message)
	case r.State == journal.Running:
		app.Console.Notice("%s %s", app.Console.Paint(console.Faint, "step"), r.Name)
	case r.Before:
		app.Console.Notice("%s: done before", r.Name)
	case r.State == journal.Done && r.Message != "":
		app.Console.Notice("  %s", r.Message)
	}
}

// conclude prints the result and turns it into an exit code.
func (n *nightWork) conclude(reports []etl.Report, err error) error {
	if n.options.output != "table" && reports != nil {
		err = errors.Join(err, n.write(reports, err == nil))
	} else if err == nil {
		n.session.app.Console.Notice("%s is done.", n.date.Format(time.DateOnly))
	}
	if errors.Is(err, etl.ErrFailed) && !errors.Is(err, context.Canceled) {
		return &failedError{err: err}
	}
	return err
}

func (n *nightWork) write(reports []etl.Report, ok bool) error {
	if n.options.output == "json" {
		e := json.NewEncoder(n.session.app.Console.Out)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			Date  string       `json:"date"`
			Done  bool         `json:"done"`
			Steps []etl.Report `json:"steps"`
		}{n.date.Format(time.DateOnly), ok, reports})
	}
	t := typedRows{headers: []string{"step", "state", "done_before", "seconds", "message"}}
	for _, r := range reports {
		t.rows = append(t.rows, []any{r.Name, string(r.State), r.Before, r.Seconds, r.Message})
	}
	return t.write(n.session.app.Console, n.options.output)
}
