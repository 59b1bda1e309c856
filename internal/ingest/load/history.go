package load

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// createHistory makes the list of loaded files: the loader's own bookkeeping,
// from which nothing is modelled.
func createHistory(database string) string {
	return "CREATE TABLE IF NOT EXISTS " + warehouse.Ident(database) + "." + HistoryTable + ` (
	batch String,
	table_name LowCardinality(String),
	table_id UUID,
	file String,
	content String,
	bytes UInt64,
	rows UInt64,
	new_rows UInt64,
	rejected UInt64,
	loaded_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (table_name, bytes, content)`
}

// look reads the raw table's id, which tells it from one that was there before
// under its name (what was loaded into that one is gone with it), and its TTL.
func (f *fileLoad) look(ctx context.Context) (id uuid.UUID, err error) {
	var engine string
	err = scan(ctx, f.Warehouse, "SELECT uuid, engine_full FROM system.tables WHERE database = "+warehouse.Literal(f.Database)+
		" AND name = "+warehouse.Literal(f.job.table.Name), &id, &engine)
	if err == nil && id == uuid.Nil {
		err = fmt.Errorf("table %s.%s is not there; create it: tiendi run -s %[2]s", f.Database, f.job.table.Name)
	}
	f.ttl = ttlOf(engine, f.job.table.Expires)
	return id, err
}

// loaded says whether the same content is in the table already. The file is
// hashed only if one of its size is.
func (f *fileLoad) loaded(ctx context.Context, table uuid.UUID) (bool, error) {
	if f.Reload {
		return false, nil
	}
	var n uint64
	of := " FROM " + f.plan.name(HistoryTable) + " WHERE table_name = " + warehouse.Literal(f.job.table.Name) +
		" AND table_id = " + warehouse.Literal(table.String()) + fmt.Sprintf(" AND bytes = %d", f.job.size)
	if err := scan(ctx, f.Warehouse, "SELECT count()"+of, &n); err != nil || n == 0 {
		return false, err
	}
	content, err := hashFile(f.job.path, f.job.size)
	if err != nil {
		return false, &readError{plainPathError(err)}
	}
	var rejected uint64
	var at time.Time
	err = scan(ctx, f.Warehouse, "SELECT count(), argMax(rejected, loaded_at), max(loaded_at)"+of+
		" AND content = "+warehouse.Literal(content), &n, &rejected, &at)
	if err != nil || n == 0 {
		return false, err
	}
	f.result.LoadedAt, f.result.Rejected = at, rejected
	return true, nil
}

// remember notes that the file is loaded. If this is lost, the next load reads
// the file again and finds that nothing in it is new.
func (f *fileLoad) remember(ctx context.Context, content string, table uuid.UUID) error {
	text := warehouse.Literal
	sql := "INSERT INTO " + f.plan.name(HistoryTable) +
		" (batch, table_name, table_id, file, content, bytes, rows, new_rows, rejected, loaded_at) SELECT " +
		text(f.batch) + ", " + text(f.job.table.Name) + ", " + text(table.String()) + ", " + text(f.job.path) + ", " + text(content) +
		fmt.Sprintf(", %d, %d, %d, %d, fromUnixTimestamp64Milli(%d, 'UTC')", f.job.size, f.result.Rows, f.result.New, f.result.Rejected, f.Now().UnixMilli())
	if err := f.exec(ctx, sql); err != nil {
		return fmt.Errorf("write to %s: %w", HistoryTable, err)
	}
	return nil
}
