package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/datatest"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"golang.org/x/sync/errgroup"
)

// Freshness is what a check of one source found.
type Freshness struct {
	Source            *project.Node
	Fresh             datatest.Fresh
	Err               error // the check itself failed
	Started, Finished time.Time
}

// CheckSources checks how fresh the given sources are (those without limits
// are left out) and writes sources.json. ErrFailed says that one is too old or
// could not be checked.
func CheckSources(ctx context.Context, o Options) ([]Freshness, error) {
	r, _ := newRunner(o)
	started := r.Clock()
	var checks []Freshness
	for _, n := range o.Nodes {
		if n.Kind == project.Source && datatest.Checked(n) {
			checks = append(checks, Freshness{Source: n})
		}
	}
	var work errgroup.Group
	work.SetLimit(r.Threads)
	for i := range checks {
		work.Go(func() error {
			r.check(ctx, &checks[i])
			return nil
		})
	}
	_ = work.Wait()
	err := freshnessVerdict(ctx, checks)
	if r.TargetDir != "" {
		err = errors.Join(err, r.writeSources(checks, started))
	}
	return checks, err
}

func freshnessVerdict(ctx context.Context, checks []Freshness) error {
	if ctx.Err() != nil {
		return cancelled(ctx, ctx.Err())
	}
	for _, c := range checks {
		if c.Err != nil || c.Fresh.Status == "error" {
			return ErrFailed
		}
	}
	return nil
}

func (r *runner) check(ctx context.Context, c *Freshness) {
	c.Started = r.Clock()
	defer func() { c.Finished = r.Clock() }()
	ctx = withNode(ctx, c.Source.UniqueID)
	filter := c.Source.Source.Freshness.Filter
	if filter != "" {
		if filter, c.Err = r.compiler.Render(ctx, c.Source, filter, "freshness filter"); c.Err != nil {
			return
		}
	}
	sql, err := datatest.FreshnessSQL(c.Source, materialize.Quote(c.Source.Relation), filter)
	if err == nil {
		c.Fresh, err = datatest.CheckFreshness(ctx, r.record.of(c.Source.UniqueID, ""), c.Source, sql)
	}
	if err != nil {
		c.Err = fmt.Errorf("freshness of %s: %w", c.Source.UniqueID, err)
	}
}

// sourcesArtifact is sources.json, version 3.
type sourcesArtifact struct {
	Metadata    metadata `json:"metadata"`
	Results     []any    `json:"results"`
	ElapsedTime float64  `json:"elapsed_time"`
}

type sourceOutput struct {
	UniqueID        string         `json:"unique_id"`
	MaxLoadedAt     string         `json:"max_loaded_at"`
	SnapshottedAt   string         `json:"snapshotted_at"`
	Age             float64        `json:"max_loaded_at_time_ago_in_s"`
	Status          string         `json:"status"`
	Criteria        criteria       `json:"criteria"`
	AdapterResponse map[string]any `json:"adapter_response"`
	Timing          []timing       `json:"timing"`
	ThreadID        string         `json:"thread_id"`
	ExecutionTime   float64        `json:"execution_time"`
}

type sourceError struct {
	UniqueID string `json:"unique_id"`
	Error    string `json:"error"`
	Status   string `json:"status"`
}

type criteria struct {
	WarnAfter  threshold `json:"warn_after"`
	ErrorAfter threshold `json:"error_after"`
	Filter     *string   `json:"filter"`
}

type threshold struct {
	Count  *int    `json:"count"`
	Period *string `json:"period"`
}

func thresholdOf(t project.Threshold) threshold {
	if t.Count == 0 {
		return threshold{}
	}
	return threshold{Count: &t.Count, Period: &t.Period}
}

func (r *runner) writeSources(checks []Freshness, started time.Time) error {
	a := sourcesArtifact{
		Metadata: metadata{
			Schema: "https://schemas.getdbt.com/dbt/sources/v3.json", Version: r.Version,
			GeneratedAt: r.Clock().UTC().Format(timeLayout), InvocationID: r.InvocationID, Env: map[string]string{},
		},
		Results: []any{}, ElapsedTime: r.Clock().Sub(started).Seconds(),
	}
	for _, c := range checks {
		a.Results = append(a.Results, sourceResult(c))
	}
	return writeAtomically(filepath.Join(r.TargetDir, "sources.json"), func(e *json.Encoder) error { return e.Encode(a) })
}

func sourceResult(c Freshness) any {
	if c.Err != nil {
		return sourceError{UniqueID: c.Source.UniqueID, Error: c.Err.Error(), Status: "runtime error"}
	}
	limits := c.Source.Source.Freshness
	out := sourceOutput{
		UniqueID: c.Source.UniqueID, Status: c.Fresh.Status, Age: c.Fresh.Age().Seconds(),
		MaxLoadedAt: c.Fresh.MaxLoadedAt.Format(timeLayout), SnapshottedAt: c.Fresh.SnapshottedAt.Format(timeLayout),
		Criteria:        criteria{WarnAfter: thresholdOf(limits.WarnAfter), ErrorAfter: thresholdOf(limits.ErrorAfter)},
		AdapterResponse: map[string]any{}, ThreadID: "", ExecutionTime: c.Finished.Sub(c.Started).Seconds(),
		Timing: []timing{{"execute", c.Started.UTC().Format(timeLayout), c.Finished.UTC().Format(timeLayout)}},
	}
	if limits.Filter != "" {
		out.Criteria.Filter = &limits.Filter
	}
	return out
}
