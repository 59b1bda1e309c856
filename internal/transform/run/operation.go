package run

import (
	"context"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// operations runs the hooks of the project, in order, up to the first that
// fails, which it gives.
func (r *runner) operations(ctx context.Context, list []Operation, results *Results) *project.Node {
	for _, o := range list {
		node := &project.Node{UniqueID: "operation." + o.Package + "." + o.Name, Kind: project.Operation, Package: o.Package, Name: o.Name}
		result := &Result{Node: node, Status: Success, Started: r.Clock(), Thread: "MainThread"}
		err := r.operation(ctx, o, node, result, results.Results)
		result.Finished = r.Clock()
		if result.CompileEnded.IsZero() {
			result.CompileEnded = result.Finished
		}
		results.Results = append(results.Results, result)
		if err != nil {
			result.fail(err)
			return node
		}
	}
	return nil
}

func (r *runner) operation(ctx context.Context, o Operation, node *project.Node, result *Result, soFar []*Result) error {
	ctx = withNode(ctx, node.UniqueID)
	sql, err := r.compiler.RenderWith(ctx, nil, o.SQL, o.Name, r.hookNames(soFar))
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

// hookNames are what a project's hooks may use beyond other templates:
// the results so far (on-run-end) and the schemas that the run builds in.
func (r *runner) hookNames(results []*Result) map[string]any {
	var schemas, pairs, shown []any
	seen := map[string]bool{}
	for _, n := range r.targets() {
		if !seen[n.Schema] {
			seen[n.Schema] = true
			schemas, pairs = append(schemas, n.Schema), append(pairs, []any{"", n.Schema})
		}
	}
	for _, result := range results {
		one := map[string]any{
			"status": string(result.Status), "message": result.Message, "thread_id": result.Thread, "execution_time": result.Elapsed().Seconds(),
			"node": map[string]any{
				"unique_id": result.Node.UniqueID, "name": result.Node.Name, "resource_type": string(result.Node.Kind),
				"schema": result.Node.Relation.Schema, "alias": result.Node.Relation.Identifier,
			},
		}
		if result.Failures != nil {
			one["failures"] = *result.Failures
		}
		shown = append(shown, one)
	}
	return map[string]any{"results": shown, "schemas": schemas, "database_schemas": pairs}
}
