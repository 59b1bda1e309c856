package run

import (
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// Status is how a node ended, in dbt's words.
type Status string

// The statuses of run_results.json. Models, seeds and operations end in
// success, error, skipped or partial success; tests in pass, warn, fail,
// error or skipped.
const (
	Success        Status = "success"
	Error          Status = "error"
	Skipped        Status = "skipped"
	PartialSuccess Status = "partial success"
	Pass           Status = "pass"
	Warn           Status = "warn"
	Fail           Status = "fail"
)

// Result is what became of one node.
type Result struct {
	Node    *project.Node
	Status  Status
	Message string // for people: "3204 rows", what a test found, or the error

	Err      error  // what failed, nil otherwise
	Failures *int64 // of tests: failing rows by fail_calc

	Rows, Bytes uint64 // written by the node's main statements
	QueryID     string // of the last main statement
	Relation    string // as the warehouse names it, "" for none

	CompiledSQL  string
	CompiledPath string // below the target folder

	Started, CompileEnded, Finished time.Time
	Thread                          string

	Batches *Batches // of microbatch models only
}

// Elapsed is how long the node took.
func (r *Result) Elapsed() time.Duration { return r.Finished.Sub(r.Started) }

// Failed says whether the node counts against the exit code.
func (r *Result) Failed() bool {
	return r.Status == Error || r.Status == Fail || r.Status == PartialSuccess
}

// Batches says which slices of a microbatch model were built.
type Batches struct {
	Successful, Failed []compile.Batch
}

// Results is what became of a run. Results are in the order of finishing.
type Results struct {
	Results           []*Result
	Started, Finished time.Time
}

// Count gives how many results have a status.
func (rs *Results) Count(s Status) int {
	n := 0
	for _, r := range rs.Results {
		if r.Status == s {
			n++
		}
	}
	return n
}
