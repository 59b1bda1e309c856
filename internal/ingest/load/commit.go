package load

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// committer brings a staged file into its raw table. Every statement before the
// last one only touches the file's own tables, so a loader that dies there has
// changed nothing; after the last one everything is in. If a server stops in
// the middle of it, loading the file again adds what is missing.
type committer struct {
	w      Warehouse
	plan   plan
	now    func() time.Time
	staged uint64
}

// commit returns how many rows were new.
func (c *committer) commit(ctx context.Context) (uint64, error) {
	known, err := c.findKnown(ctx)
	if err != nil {
		return 0, fmt.Errorf("compare with %s: %w", c.plan.table.Name, err)
	}
	fresh := c.staged - known
	if fresh == 0 {
		return 0, nil
	}
	from := c.plan.stage()
	if known > 0 {
		if from, err = c.copyNew(ctx); err != nil {
			return 0, fmt.Errorf("leave out what %s has: %w", c.plan.table.Name, err)
		}
	}
	if err := c.publish(ctx, from); err != nil {
		return 0, fmt.Errorf("write to %s: %w", c.plan.table.Name, err)
	}
	return fresh, nil
}

// findKnown counts the staged rows that the raw table has, and lists them.
func (c *committer) findKnown(ctx context.Context) (known uint64, err error) {
	partitions, err := c.strings(ctx, c.plan.partitions())
	if err != nil || len(partitions) == 0 {
		return 0, err
	}
	if err := c.run(ctx, c.plan.createKnown()); err != nil {
		return 0, err
	}
	buckets := int(c.staged/bucketRows) + 1
	for bucket := range buckets {
		if err := c.run(ctx, c.plan.findKnown(partitions, bucket, buckets)); err != nil {
			return 0, err
		}
	}
	err = scan(ctx, c.w, "SELECT count() FROM "+c.plan.known(), &known)
	return known, err
}

// copyNew makes a table of the rows that are not known, a range of positions
// at a time.
func (c *committer) copyNew(ctx context.Context) (table string, err error) {
	if err := c.run(ctx, c.plan.create(c.plan.fresh(), c.plan.raw())); err != nil {
		return "", err
	}
	var last uint64
	if err := scan(ctx, c.w, "SELECT max("+colPosition+") FROM "+c.plan.stage(), &last); err != nil {
		return "", err
	}
	step := uint64(math.MaxUint64)
	if c.staged > bucketRows {
		step = last/(c.staged/bucketRows+1) + 1
	}
	for from := uint64(0); from <= last; {
		to := from + min(step, math.MaxUint64-from)
		if err := c.run(ctx, c.plan.copyNew(from, to)); err != nil {
			return "", err
		}
		from = to
	}
	return c.plan.fresh(), nil
}

// publish is the step after which the rows are there. It is not given up half
// way when the user interrupts: that is a matter of milliseconds for attaching.
func (c *committer) publish(ctx context.Context, from string) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	var views uint64
	if err := scan(ctx, c.w, c.plan.views(), &views); err != nil {
		return err
	}
	if views > 0 {
		return c.run(ctx, c.plan.insert(from, c.now().UnixMicro()))
	}
	if err := c.run(ctx, c.plan.stamp(from, c.now().UnixMicro())); err != nil {
		return err
	}
	return c.run(context.WithoutCancel(ctx), c.plan.attach(from))
}

func (c *committer) run(ctx context.Context, sql string) error {
	_, err := c.w.Exec(ctx, sql, writeSettings())
	return err
}

// writeSettings go with every statement that writes.
func writeSettings() warehouse.Option {
	return warehouse.WithSettings(map[string]any{
		"max_partitions_per_insert_block": 0, // a file may span any number of months
		"insert_deduplicate":              0, // equal rows of one file are all kept
		"mutations_sync":                  1,
	})
}

func (c *committer) strings(ctx context.Context, sql string) (values []string, err error) {
	rows, err := c.w.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}

// scan reads the one row that a statement gives; none leaves dest as it is. The
// result is read to its end, as a query given up early costs its connection.
func scan(ctx context.Context, w Warehouse, sql string, dest ...any) error {
	rows, err := w.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
	}
	return rows.Err()
}
