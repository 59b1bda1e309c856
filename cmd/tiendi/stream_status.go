package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/stream/worker"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newStreamStatusCommand(app *App) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say which workers there are, and how far each task is",
		Long: "Lists the tasks of all workers that are alive: which partitions, whose, how many messages\n" +
			"behind, the watermark of their events, and when their state was saved last. Of partitions\n" +
			"that are in one row these are sums, and the oldest of the times. As csv and json each has\n" +
			"its own.",
		Example: "  tiendi stream status\n  tiendi stream status --output json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runStreamStatus(cmd.Context(), app, output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

// streamTask is a line of the status.
type streamTask struct {
	worker.TaskStatus
	Worker string `json:"worker"`
	Host   string `json:"host"`
	more   []int  // partitions after the first, where the line is of several
}

func runStreamStatus(ctx context.Context, app *App, output string) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	s, err := app.begin(compile.Flags{Which: "stream"})
	if err != nil {
		return err
	}
	tasks, err := s.streamTasks(ctx)
	if err != nil {
		return err
	}
	if output == "json" {
		return json.NewEncoder(app.Console.Out).Encode(tasks)
	}
	if len(tasks) == 0 {
		return errors.New("no worker is alive: start tiendi stream")
	}
	if output != "csv" {
		tasks = grouped(tasks)
	}
	return app.Console.WriteTable(output, streamStatusTable(tasks, app.Now()))
}

// streamTasks asks all workers that are alive.
func (s *session) streamTasks(ctx context.Context) ([]streamTask, error) {
	wiring := &streamWiring{}
	defer wiring.close()
	store, err := s.streamState(ctx, wiring)
	if err != nil {
		return nil, err
	}
	members, err := store.Alive(ctx)
	if err != nil {
		return nil, err
	}
	return tasksOfMembers(members)
}

func tasksOfMembers(members []checkpoint.Member) ([]streamTask, error) {
	tasks := []streamTask{}
	for _, m := range members {
		var own []worker.TaskStatus
		if err := json.Unmarshal(m.Status, &own); len(m.Status) > 0 && err != nil {
			return nil, fmt.Errorf("worker %s says what this release cannot read: %w", m.ID, err)
		}
		for _, t := range own {
			tasks = append(tasks, streamTask{TaskStatus: t, Worker: m.ID, Host: m.Host})
		}
	}
	slices.SortFunc(tasks, func(a, b streamTask) int {
		return cmp.Or(cmp.Compare(stageOrder(a.Stage), stageOrder(b.Stage)), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Worker, b.Worker))
	})
	return tasks, nil
}

func stageOrder(s worker.Stage) int {
	return slices.Index(append([]worker.Stage{
		worker.Enrich, worker.Aggregate, worker.Sessionize, worker.Events, worker.ClickHouse, worker.Redis, worker.PostgreSQL, worker.Changes,
	}, worker.Archives...), s)
}

func streamStatusTable(tasks []streamTask, now time.Time) console.Table {
	t := console.Table{Headers: []string{"stage", "partition", "worker", "state", "taken", "behind", "watermark", "saved"}}
	for _, task := range tasks {
		t.Rows = append(t.Rows, []string{
			string(task.Stage), task.partitions(), task.Worker, cmp.Or(task.Error, task.State),
			console.Count(task.Events), console.Count(task.Messages), dateTime(task.Watermark), ago(task.Kept, now),
		})
	}
	return t
}

func dateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateTime)
}

func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return console.Duration(now.Sub(t).Round(time.Second)) + " ago"
}
