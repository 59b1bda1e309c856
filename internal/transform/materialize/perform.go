package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is where statements are run.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Outcome is what a performed plan did.
type Outcome struct {
	Rows, Bytes uint64 // written by steps with role Main
}

// StepError says which statement of a plan failed.
type StepError struct {
	Step Step
	Err  error
}

func (e *StepError) Error() string { return e.Err.Error() }
func (e *StepError) Unwrap() error { return e.Err }

// Performer runs plans.
type Performer struct {
	Warehouse Warehouse
	// Progress hears how many rows the main statement has written; nil: nobody.
	Progress func(rows uint64)
	// Later takes the cleanup of a plan that went well, for which nobody has
	// to wait; nil: it is done at once.
	Later func(cleanup func())
	// Warn hears of what went wrong without harm: a cleanup that failed.
	Warn func(error)
}

// cleanupTimeout bounds what is still done after a failure or a cancellation.
const cleanupTimeout = 30 * time.Second

// Perform runs a plan to its end. Its temporary tables are removed also when a
// step fails or ctx is cancelled.
func (p Performer) Perform(ctx context.Context, plan Plan) (Outcome, error) {
	var out Outcome
	var cleanup []string
	err := func() error {
		for {
			cleanup = append(plan.Cleanup, cleanup...)
			for _, s := range plan.Steps {
				spared, err := p.step(ctx, s, &out)
				if err != nil {
					return &StepError{Step: s, Err: err}
				}
				cleanup = slices.DeleteFunc(cleanup, func(sql string) bool { return sql == spared })
			}
			if plan.Then == nil {
				return nil
			}
			next, err := p.probe(ctx, plan.Then)
			if err != nil {
				return err
			}
			plan = next
		}
	}()
	if err == nil && p.Later != nil && len(cleanup) > 0 {
		p.Later(func() { p.cleanup(ctx, cleanup) })
	} else {
		p.cleanup(ctx, cleanup)
	}
	return out, err
}

// step runs one step and says which cleanup it has made needless.
func (p Performer) step(ctx context.Context, s Step, out *Outcome) (spared string, err error) {
	if s.Role == Wait {
		return "", p.wait(ctx, s)
	}
	stats, err := p.exec(ctx, s, s.SQL)
	if err == nil {
		spared = s.Spares
	}
	var answer *warehouse.Error
	if errors.As(err, &answer) && s.Or[answer.Code] != "" {
		stats, err = p.exec(ctx, s, s.Or[answer.Code])
	}
	if err != nil && s.Done != "" && answer == nil && ctx.Err() == nil && p.tookEffect(ctx, s.Done) {
		err = nil
	}
	if err == nil && s.Role == Main {
		out.Rows += stats.WrittenRows
		out.Bytes += stats.WrittenBytes
	}
	return spared, err
}

func (p Performer) exec(ctx context.Context, s Step, sql string) (warehouse.Stats, error) {
	var opts []warehouse.Option
	if s.Role != Main {
		opts = append(opts, unguarded())
	}
	if len(s.Settings) > 0 {
		opts = append(opts, warehouse.WithSettings(s.Settings))
	}
	if s.Role == Main && p.Progress != nil {
		opts = append(opts, warehouse.WithProgress(func(t warehouse.Progress) { p.Progress(t.WrittenRows) }))
	}
	return p.Warehouse.Exec(ctx, sql, opts...)
}

// unguarded lifts the server's guards against mistakes of people from
// statements of our own: replaced versions are dropped however large they are,
// copies of a table have as many partitions as the table, and a statement may
// name thousands of slices.
func unguarded() warehouse.Option {
	return warehouse.WithSettings(map[string]any{
		"max_table_size_to_drop": 0, "max_partition_size_to_drop": 0, "max_partitions_per_insert_block": 0, "max_query_size": 0,
	})
}

// wait asks until the answer is 1, for ten minutes at most.
func (p Performer) wait(ctx context.Context, s Step) error {
	const limit = 10 * time.Minute
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for {
		rows, err := queryStrings(ctx, p.Warehouse, s.SQL)
		if err != nil || len(rows) == 1 && rows[0][0] == "1" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return fmt.Errorf("waited %s for inserts begun earlier to end", limit)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tookEffect asks a few times, since a statement whose connection broke may
// still be running.
func (p Performer) tookEffect(ctx context.Context, done string) bool {
	for wait := 100 * time.Millisecond; wait < 5*time.Second; wait *= 2 {
		rows, err := queryStrings(ctx, p.Warehouse, done)
		if err == nil && len(rows) == 1 && rows[0][0] == "1" {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait):
		}
	}
	return false
}

func (p Performer) probe(ctx context.Context, probe *Probe) (Plan, error) {
	var answer Answer
	if probe.SQL != "" {
		rows, err := queryStrings(ctx, p.Warehouse, probe.SQL)
		if err != nil {
			return Plan{}, &StepError{Step: step(Aside, probe.SQL), Err: err}
		}
		answer.Rows = rows
	}
	return probe.Next(answer)
}

// cleanup goes on after a cancellation, for a bounded time. What it cannot
// remove is swept by the next run.
func (p Performer) cleanup(ctx context.Context, statements []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	for _, sql := range statements {
		s := step(Cleanup, sql)
		if _, err := p.exec(ctx, s, sql); err != nil && p.Warn != nil {
			p.Warn(fmt.Errorf("remove a temporary table (the next run will): %w", err))
		}
	}
}

// queryStrings reads a small result whose columns are all strings or numbers.
func queryStrings(ctx context.Context, w Warehouse, sql string) ([][]string, error) {
	rows, err := w.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out [][]string
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = fmt.Sprint(v)
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
