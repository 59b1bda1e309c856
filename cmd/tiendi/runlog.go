package main

import (
	"log/slog"

	"github.com/tiendi/tiendi/internal/transform/run"
)

// runLog tells of a run in lines for machines (--log-format json). Messages
// and keys are stable:
//
//	run started    total
//	node finished  unique_id status rows seconds message
//	node skipped   unique_id because
//	notice         unique_id message
//	run finished   pass warn error skip total seconds
type runLog struct{ log *slog.Logger }

func (l runLog) show(e run.Event) {
	switch e.Kind {
	case run.RunStarted:
		l.log.Info("run started", "total", e.Total)
	case run.NodeFinished:
		l.result(e.Result)
	case run.NodesSkipped:
		because := ""
		if e.Because != nil {
			because = e.Because.UniqueID
		}
		for _, n := range e.Skipped {
			l.log.Info("node skipped", "unique_id", n.UniqueID, "because", because)
		}
	case run.Notice:
		id := ""
		if e.Node != nil {
			id = e.Node.UniqueID
		}
		l.log.Warn("notice", "unique_id", id, "message", e.Message)
	case run.RunFinished:
		t := tallied(e.Results)
		l.log.Info("run finished", "pass", t.pass, "warn", t.warn, "error", t.failed, "skip", t.skip, "total", t.total,
			"seconds", e.Results.Finished.Sub(e.Results.Started).Seconds())
	}
}

func (l runLog) result(r *run.Result) {
	tell := l.log.Info
	if r.Failed() {
		tell = l.log.Error
	}
	tell("node finished", "unique_id", r.Node.UniqueID, "status", string(r.Status),
		"rows", r.Rows, "seconds", r.Elapsed().Seconds(), "message", r.Message)
}

// tally is dbt's closing line.
type tally struct{ pass, warn, failed, skip, total int }

func tallied(rs *run.Results) tally {
	return tally{
		pass: rs.Count(run.Success) + rs.Count(run.Pass), warn: rs.Count(run.Warn),
		failed: rs.Count(run.Error) + rs.Count(run.Fail) + rs.Count(run.PartialSuccess),
		skip:   rs.Count(run.Skipped), total: len(rs.Results),
	}
}
