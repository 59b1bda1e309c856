package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// A server that dies while it commits a part may remember the part's token without
// having the part: it notes the token first. Sent again, such rows are taken for
// doubled and are lost. (Tables that replicate do both in one step.) So where a
// server took anything for doubled, the rows of the insert are looked for, and
// those that are missing are brought in.

// duplicates is the server's count of blocks that it took for doubled, since it
// started.
type duplicates struct {
	blocks uint64
	uptime uint32 // seconds
}

// errUnderWay: an insert under the same token has not ended yet.
var errUnderWay = errors.New("the server is still at the same insert, whose client has died or given up")

// once does inserts under a token and gives whether the server took any block for
// doubled meanwhile. It is errUnderWay while the server works on an insert under that
// token: what it remembers of that need not be there yet, and would be taken for lost.
func (o *Options) once(ctx context.Context, token string, inserts func() error) (doubled bool, err error) {
	before, running, err := o.ask(ctx, token)
	switch {
	case err != nil:
		return false, err
	case running > 0:
		return false, errUnderWay
	}
	if err := inserts(); err != nil {
		return false, err
	}
	after, _, err := o.ask(ctx, token)
	return after.blocks != before.blocks || after.uptime < before.uptime, err
}

// ask is how many blocks the server has taken for doubled, and how many inserts under
// a token are under way.
func (o *Options) ask(ctx context.Context, token string) (d duplicates, running uint64, err error) {
	sql := "SELECT (SELECT sum(value) FROM system.events WHERE event = 'DuplicatedInsertedBlocks'), uptime(), " +
		"(SELECT count() FROM system.processes WHERE Settings['insert_deduplication_token'] = " + warehouse.Literal(token) + ")"
	err = each(ctx, o.Warehouse, sql, func(rows *warehouse.Rows) error { return rows.Scan(&d.blocks, &d.uptime, &running) })
	if err != nil {
		return d, 0, fmt.Errorf("ask whether inserts were doubled or are under way: %w", err)
	}
	return d, running, nil
}

// there is which positions of a batch a table holds, of the rows under a condition.
func (o *Options) there(ctx context.Context, table, batch, condition string) (map[uint64]bool, error) {
	there := map[uint64]bool{}
	sql := fmt.Sprintf("SELECT _position FROM %s WHERE _batch = %s AND %s", qualified(o.Database, table), warehouse.Literal(batch), condition)
	err := each(ctx, o.Warehouse, sql, func(r *warehouse.Rows) error {
		var position uint64
		err := r.Scan(&position)
		there[position] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for the rows of %s in %s: %w", batch, table, err)
	}
	return there, nil
}

// addMissing brings in those rows of an insert that its table lacks. It attaches them,
// which materialized views do not see: they have had the whole block.
func (o *Options) addMissing(ctx context.Context, b *block, batch string) error {
	if b.columns.Rows() == 0 {
		return nil
	}
	// The name follows from the batch, so that whoever repeats it removes what a
	// dead process left.
	name, stage := b.table, fmt.Sprintf("_tiendi_stream_%016x", xxhash.Sum64String(b.table+batch))
	table, aside := qualified(o.Database, name), qualified(o.Database, stage)
	if err := o.run(ctx, name, "DROP TABLE IF EXISTS "+aside+" SYNC", "CREATE TABLE "+aside+" AS "+table); err != nil {
		return err
	}
	b.table = stage
	err := b.insert(ctx, o.Warehouse, o.Database, map[string]any{"max_partitions_per_insert_block": 0})
	b.table = name
	if err != nil {
		return err
	}
	o.Logger.WarnContext(ctx, "the server had lost rows of an insert that it remembered; they are back, but views may lack them",
		"table", name, "rows", b.columns.Rows(), "batch", batch)
	return o.run(ctx, name, "ALTER TABLE "+table+" ATTACH PARTITION ALL FROM "+aside, "DROP TABLE "+aside+" SYNC")
}

func (o *Options) run(ctx context.Context, table string, statements ...string) error {
	for _, sql := range statements {
		if _, err := o.Warehouse.Exec(ctx, sql); err != nil {
			verb, _, _ := strings.Cut(sql, " TABLE ")
			return fmt.Errorf("add lost rows to %s: %s: %w", table, strings.ToLower(verb), err)
		}
	}
	return nil
}
