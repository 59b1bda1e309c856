package run

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// operations runs the hooks of the project, in order. One that fails ends the
// run, as in dbt.
func (r *runner) operations(ctx context.Context, list []Operation, results *Results) error {
	for _, o := range list {
		node := &project.Node{UniqueID: "operation." + o.Package + "." + o.Name, Kind: project.Operation, Package: o.Package, Name: o.Name}
		result := &Result{Node: node, Status: Success, Started: r.Clock(), Thread: "MainThread"}
		err := r.operation(ctx, o, node, result)
		result.Finished = r.Clock()
		if result.CompileEnded.IsZero() {
			result.CompileEnded = result.Finished
		}
		results.Results = append(results.Results, result)
		if err != nil {
			result.Status, result.Err, result.Message = Error, err, err.Error()
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return nil
}

func (r *runner) operation(ctx context.Context, o Operation, node *project.Node, result *Result) error {
	ctx = withNode(ctx, node.UniqueID)
	sql, err := r.compiler.Render(ctx, nil, o.SQL, o.Name)
	if err != nil {
		return err
	}
	result.CompiledSQL, result.CompileEnded = sql, r.Clock()
	if strings.TrimSpace(sql) == "" {
		return nil
	}
	_, err = r.record.of(node.UniqueID, "MainThread").Exec(ctx, sql)
	return err
}
