package run

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/tiendi/tiendi/internal/transform/compile"
)

// timeLayout is how dbt prints times: UTC with microseconds.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// artifact is run_results.json, version 6.
type artifact struct {
	Metadata    metadata       `json:"metadata"`
	Results     []resultOutput `json:"results"`
	ElapsedTime float64        `json:"elapsed_time"`
	Args        map[string]any `json:"args"`
}

type metadata struct {
	Schema       string            `json:"dbt_schema_version"`
	Version      string            `json:"dbt_version"`
	GeneratedAt  string            `json:"generated_at"`
	InvocationID string            `json:"invocation_id"`
	Env          map[string]string `json:"env"`
}

type timing struct {
	Name        string `json:"name"`
	StartedAt   string `json:"started_at"`
	CompletedAt string `json:"completed_at"`
}

type resultOutput struct {
	Status          Status         `json:"status"`
	Timing          []timing       `json:"timing"`
	ThreadID        string         `json:"thread_id"`
	ExecutionTime   float64        `json:"execution_time"`
	AdapterResponse map[string]any `json:"adapter_response"`
	Message         *string        `json:"message"`
	Failures        *int64         `json:"failures"`
	UniqueID        string         `json:"unique_id"`
	Compiled        *bool          `json:"compiled"`
	CompiledCode    *string        `json:"compiled_code"`
	RelationName    *string        `json:"relation_name"`
	BatchResults    *batchOutput   `json:"batch_results"`
}

type batchOutput struct {
	Successful [][2]string `json:"successful"`
	Failed     [][2]string `json:"failed"`
}

func (r *runner) writeResults(rs *Results) error {
	a := artifact{
		Metadata: metadata{
			Schema: "https://schemas.getdbt.com/dbt/run-results/v6.json", Version: r.Version,
			GeneratedAt: rs.Finished.UTC().Format(timeLayout), InvocationID: r.InvocationID, Env: map[string]string{},
		},
		Results: []resultOutput{}, ElapsedTime: rs.Finished.Sub(rs.Started).Seconds(), Args: r.arguments(),
	}
	for _, result := range rs.Results {
		a.Results = append(a.Results, output(result))
	}
	return writeAtomically(filepath.Join(r.TargetDir, "run_results.json"), func(e *json.Encoder) error { return e.Encode(a) })
}

// arguments are those of the command, with the name that retry looks for.
func (r *runner) arguments() map[string]any {
	args := map[string]any{"which": r.Command, "invocation_command": "tiendi " + r.Command}
	for k, v := range r.Args {
		args[k] = v
	}
	return args
}

func output(r *Result) resultOutput {
	o := resultOutput{
		Status: r.Status, ThreadID: r.Thread, ExecutionTime: r.Elapsed().Seconds(), UniqueID: r.Node.UniqueID,
		Failures: r.Failures, Timing: []timing{}, AdapterResponse: map[string]any{},
	}
	if r.Status != Skipped {
		o.Timing = []timing{
			{"compile", r.Started.UTC().Format(timeLayout), r.CompileEnded.UTC().Format(timeLayout)},
			{"execute", r.CompileEnded.UTC().Format(timeLayout), r.Finished.UTC().Format(timeLayout)},
		}
		o.AdapterResponse = map[string]any{"_message": "OK", "rows_affected": r.Rows}
	}
	if r.Message != "" {
		o.Message = &r.Message
	}
	if compiled := r.CompiledSQL != ""; compiled {
		o.Compiled, o.CompiledCode = &compiled, &r.CompiledSQL
	}
	if r.Relation != "" {
		o.RelationName = &r.Relation
	}
	if r.Batches != nil {
		o.BatchResults = &batchOutput{Successful: batchTimes(r.Batches.Successful), Failed: batchTimes(r.Batches.Failed)}
	}
	return o
}

func batchTimes(batches []compile.Batch) [][2]string {
	out := [][2]string{}
	for _, b := range batches {
		out = append(out, [2]string{b.Start.UTC().Format(time.RFC3339), b.End.UTC().Format(time.RFC3339)})
	}
	return out
}

// writeAtomically writes JSON beside its place and moves it there, so that a
// reader never sees half of it.
func writeAtomically(path string, encode func(*json.Encoder) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", filepath.Base(path), err)
		}
	}()
	if err := encode(encoder(f)); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
