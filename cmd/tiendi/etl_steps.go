package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/operate/etl"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/stream/worker"
	"github.com/tiendi/tiendi/internal/transform/run"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// nightWork is what the steps of a night do with the stages.
type nightWork struct {
	session *session
	options *etlOptions
	date    time.Time
	zone    *time.Location
}

func (n *nightWork) steps() []etl.Step {
	return []etl.Step{
		{Name: "wait", Do: n.wait}, {Name: "extract", Do: n.extract}, {Name: "transform", Do: n.transform},
		{Name: "load", Do: n.load}, {Name: "cache", Do: n.cache}, {Name: "notify", Do: n.notify},
	}
}

// start is the first moment of a day of the project, offset days from the night's.
func (n *nightWork) start(offset int) time.Time {
	return backfill.DayStart(n.date.Year(), n.date.Month(), n.date.Day()+offset, n.zone)
}

func (n *nightWork) wait(ctx context.Context) (string, error) {
	line := n.session.app.Console.Start("Waiting for the day to be over")
	defer line.Stop()
	return etl.Waiting{
		End: n.start(1), Now: n.watermark, Most: n.options.maxWait, Poll: 5 * time.Second,
		Told: func(w etl.Watermark) {
			line.Update("Waiting for the day to be over: %s reached %s", w.Source, w.At.In(n.zone).Format(time.DateTime))
		},
	}.Do(ctx)
}

// watermark is the lowest of the streams' partitions, in what they have written
// into the warehouse; where no worker is alive, the newest event there.
func (n *nightWork) watermark(ctx context.Context) (etl.Watermark, error) {
	mark := etl.Watermark{Source: "the streams"}
	tasks, err := n.session.streamTasks(ctx)
	if err != nil {
		return mark, err
	}
	for _, t := range tasks {
		if t.Stage == worker.Events && (mark.At.IsZero() || t.Watermark.Before(mark.At)) {
			mark.At = t.Watermark
		}
	}
	if len(tasks) > 0 {
		return mark, nil
	}
	mark.Source = "the newest event"
	text, err := n.ask(ctx, "SELECT toString(toUnixTimestamp64Milli(max(timestamp))) FROM %s", "events_raw")
	if err != nil {
		return mark, err
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms > 0 {
		mark.At = time.UnixMilli(ms)
	}
	return mark, nil
}

// ask asks for one text of a raw table, which is made where it is missing.
func (n *nightWork) ask(ctx context.Context, sql, table string) (string, error) {
	raw := &rawTables{session: n.session}
	if err := raw.Ensure(ctx, table); err != nil {
		return "", err
	}
	return queryText(ctx, n.session.client, fmt.Sprintf(sql, warehouse.Ident(raw.database())+"."+warehouse.Ident(table)))
}

func (n *nightWork) extract(ctx context.Context) (string, error) {
	within := fmt.Sprintf("timestamp >= %s AND timestamp < %s", warehouse.Instant(n.start(0), nil), warehouse.Instant(n.start(1), nil))
	events, err := n.ask(ctx, "SELECT toString(count()) FROM %s WHERE "+within, "events_raw")
	if err != nil {
		return "", err
	}
	message := events + " events of the day; "
	if n.options.source != "" {
		said, err := n.source().Extract(ctx)
		return message + said, err
	}
	for _, table := range []string{"orders_raw", "products_raw"} {
		text, err := n.ask(ctx, "SELECT if(count() = 0, 'nothing', concat('up to ', toString(toDateTime(max(ingested_at), 'UTC')), if(max(_version) > 0, ' by CDC', ' from files'))) FROM %s", table)
		if err != nil {
			return "", err
		}
		message += table + ": " + text + "; "
	}
	return strings.TrimSuffix(message, "; "), nil
}

// source reads the shop's PostgreSQL.
func (n *nightWork) source() *etl.Source {
	s := n.session
	return &etl.Source{
		URL: n.options.source, Dir: s.targetDir(),
		Raw: func(ctx context.Context, table string) (etl.Raw, error) {
			var raw etl.Raw
			text, err := n.ask(ctx, "SELECT toString(toUnixTimestamp64Milli(max(updated_at))) FROM %s", table+"_raw")
			if err != nil {
				return raw, err
			}
			if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms > 0 {
				raw.Newest = time.UnixMilli(ms)
			}
			for _, t := range load.Tables() {
				if t.File == table {
					for _, c := range t.Columns {
						raw.Columns = append(raw.Columns, c.Name)
					}
				}
			}
			return raw, nil
		},
		Load: func(ctx context.Context, path, table string) (uint64, error) {
			options, err := s.loadOptions(ctx, &loadOptions{table: table, paths: []string{path}, reload: true})
			if err != nil {
				return 0, err
			}
			defer func() { _ = options.Enricher.Close() }() // the file was only read
			options.Progress = func(load.Progress) {}
			result, err := load.Run(ctx, options)
			if err != nil {
				return 0, err
			}
			s.app.explainLoad(result)
			if err := loadVerdict(result, 0); err != nil {
				return 0, err
			}
			return result.Files[0].New, nil
		},
	}
}

// metricModels are those of the step load.
var metricModels = []string{"daily_metrics", "product_metrics"}

func (n *nightWork) transform(ctx context.Context) (string, error) {
	return n.build(ctx, false)
}

func (n *nightWork) load(ctx context.Context) (string, error) {
	return n.build(ctx, true)
}

// build runs the metrics and what stands on them, or everything else.
func (n *nightWork) build(ctx context.Context, metrics bool) (string, error) {
	s := n.session
	last := map[string]bool{}
	var nodes []*project.Node
	for _, node := range s.manifest.Graph.Nodes() { // parents come first
		last[node.UniqueID] = slices.Contains(metricModels, node.Name) ||
			slices.ContainsFunc(node.DependsOn, func(id string) bool { return last[id] })
		if node.Kind == project.Model && last[node.UniqueID] == metrics {
			nodes = append(nodes, node)
		}
	}
	options, err := s.runOptions(ctx, "run", &buildOptions{}, nodes)
	if err != nil {
		return "", err
	}
	show := newRunView(s.app, s.targetDir())
	defer show.stop()
	options.Events = show.show
	if s.app.json {
		options.Events = runLog{s.app.Log}.show
	}
	results, err := run.Run(ctx, options)
	if errors.Is(err, run.ErrFailed) {
		return "", fmt.Errorf("%d of %d models failed; see above, or target/run_results.json", results.Count(run.Error)+results.Count(run.PartialSuccess), len(results.Results))
	}
	if err != nil {
		return "", err
	}
	return howMany(results.Count(run.Success), "model") + " built", nil
}

// cache rewrites the day in Redis, where the target has one.
func (n *nightWork) cache(ctx context.Context) (string, error) {
	days, err := n.session.wireCache(ctx)
	if errors.Is(err, errNoRedis) {
		return "the target has no Redis: nothing to do", nil
	}
	if err != nil {
		return "", err
	}
	defer days.close()
	err = days.Rewrite(ctx, n.start(0))
	if errors.Is(err, backfill.ErrNotYet) {
		return "left as it is: " + err.Error(), nil
	}
	return "the day was rewritten", err
}

// notify tells people of the day: by sending reports where the target says how, and on the
// terminal.
func (n *nightWork) notify(ctx context.Context) (string, error) {
	if n.options.notify == "none" {
		return "nobody was told (--notify none)", nil
	}
	var messages []string
	if n.options.notify == "send" {
		for _, one := range []struct {
			kind report.Kind
			what string
		}{{report.Daily, "reports"}, {report.Anomalies, "alerts"}} {
			message, err := n.sendDay(ctx, one.kind, one.what)
			if err != nil {
				return "", err
			}
			messages = append(messages, message...)
		}
	}
	if n.options.output != "table" {
		return strings.Join(append(messages, "the report is only printed with --output table"), "; "), nil
	}
	printed, err := n.printDay(ctx)
	return strings.Join(append(messages, printed), "; "), err
}

// sendDay sends the day's reports or alerts, where the target says how. What was sent before
// is not sent again.
func (n *nightWork) sendDay(ctx context.Context, kind report.Kind, what string) (message []string, err error) {
	failed, err := n.session.send(ctx, mailing{kind: kind, date: n.date})
	if errors.Is(err, errNowhere) {
		return nil, nil
	}
	if kind == report.Anomalies && errors.Is(err, report.ErrIncomplete) { // --max-wait says that it may be
		return []string{"no alerts were sent: " + err.Error()}, nil
	}
	if failed != nil {
		for _, row := range failed.rows {
			n.session.app.Log.Warn("a report could not be sent", "to", row[2], "store", row[3], "err", row[6])
		}
	}
	if errors.Is(err, errRefused) { // one mailbox that is gone does not fail every night
		return []string{fmt.Sprintf("the %s were sent, but for %d that were refused", what, len(failed.rows))}, nil
	}
	if err != nil {
		return nil, err
	}
	return []string{"the " + what + " were sent"}, nil
}

// printDay prints the platform's day, and what was not as expected on it.
func (n *nightWork) printDay(ctx context.Context) (string, error) {
	daily, err := n.session.reports(ctx, report.Request{Kind: report.Daily, Date: n.date})
	if err != nil {
		return "", err
	}
	if err := report.Write(n.session.app.Console, "table", daily[0], report.English); err != nil {
		return "", err
	}
	found, err := n.session.reports(ctx, report.Request{Kind: report.Anomalies, Date: n.date})
	if errors.Is(err, report.ErrIncomplete) {
		return "the report was printed; not looked for anomalies: " + err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(n.session.app.Console.Out); err != nil {
		return "", err
	}
	return "the report was printed", report.Write(n.session.app.Console, "table", found[0], report.English)
}
