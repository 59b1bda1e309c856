package forget

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// A table keeps the files of what was replaced in it for eight minutes, and looks for
// them every half minute, or five minutes where little happens in it. (Nothing that was
// tried makes it look at once.) These settings make it sooner, and have what replaces
// them written to the disk at once, which is what the eight minutes are for. They are put
// back afterwards; a run that was killed is known by ourLifetime.
const ourLifetime = "old_parts_lifetime = 7"

const hastened = "old_parts_lifetime = 7, cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0, min_rows_to_fsync_after_merge = 1, fsync_part_directory = 1"

const hastenedNames = "old_parts_lifetime, cleanup_delay_period, max_cleanup_delay_period, cleanup_delay_period_random_add, min_rows_to_fsync_after_merge, fsync_part_directory"

// hasten has a table throw old files away soon. Settings of the table's own stay.
func (w *Warehouse) hasten(ctx context.Context, t *table) error {
	for name := range strings.SplitSeq(hastenedNames, ", ") {
		if strings.Contains(t.ddl, name+" = ") {
			return nil
		}
	}
	w.hastened = append(w.hastened, t)
	return w.exec(ctx, "ALTER TABLE "+t.sql()+" MODIFY SETTING "+hastened)
}

// Settle waits until the files of what was replaced are gone from the disk, for so long
// at most, and says whether they are. It puts back what was set meanwhile.
func (w *Warehouse) Settle(ctx context.Context, wait time.Duration, tell func(string)) (gone bool, err error) {
	tables, err := w.tables(ctx)
	if err != nil {
		return false, err
	}
	var ours, where []string
	for _, t := range tables {
		if strings.Contains(t.ddl, ourLifetime) {
			ours = append(ours, t.sql())
			where = append(where, "(database = "+warehouse.Literal(t.database)+" AND table = "+warehouse.Literal(t.name)+")")
		}
	}
	for _, t := range w.hastened {
		where = append(where, "(database = "+warehouse.Literal(t.database)+" AND table = "+warehouse.Literal(t.name)+")")
		ours = append(ours, t.sql())
	}
	gone, err = w.await(ctx, where, wait, tell)
	for _, sql := range ours {
		err = firstError(err, w.exec(context.WithoutCancel(ctx), "ALTER TABLE "+sql+" RESET SETTING "+hastenedNames))
	}
	w.hastened = nil
	if err != nil {
		return false, err
	}
	left, err := w.reap(ctx)
	return gone && left == 0, err
}

// reap deletes the files of temporary tables that runs have dropped, which the server
// keeps for some minutes: it takes them back, and drops them at once. It gives how many
// others there are.
func (w *Warehouse) reap(ctx context.Context) (left uint64, err error) {
	dropped := " FROM system.dropped_tables WHERE database IN (" + w.schemas() + ")"
	var names []string
	err = w.each(ctx, "SELECT database, table, toString(uuid)"+dropped+" AND startsWith(table, '_tiendi_')", func(rows *warehouse.Rows) error {
		var database, table, id string
		err := rows.Scan(&database, &table, &id)
		names = append(names, warehouse.Ident(database)+"."+warehouse.Ident(table), id)
		return err
	})
	for i := 0; err == nil && i < len(names); i += 2 {
		// What is gone by itself meanwhile cannot be taken back.
		if w.exec(ctx, "UNDROP TABLE "+names[i]+" UUID "+warehouse.Literal(names[i+1])) == nil {
			err = w.exec(ctx, "DROP TABLE IF EXISTS "+names[i]+" SYNC")
		}
	}
	if err == nil {
		err = w.each(ctx, "SELECT count()"+dropped, func(rows *warehouse.Rows) error { return rows.Scan(&left) })
	}
	if err != nil {
		return left, fmt.Errorf("delete the files of dropped tables: %w", err)
	}
	return left, nil
}

// await asks for files again and again: nothing tells of their end.
func (w *Warehouse) await(ctx context.Context, where []string, wait time.Duration, tell func(string)) (bool, error) {
	if len(where) == 0 {
		return true, nil
	}
	sql := "SELECT count() FROM system.parts WHERE NOT active AND (" + strings.Join(where, " OR ") + ")"
	end := time.NewTimer(wait)
	defer end.Stop()
	for {
		var n uint64
		if err := w.each(ctx, sql, func(rows *warehouse.Rows) error { return rows.Scan(&n) }); err != nil {
			return false, fmt.Errorf("look for old files: %w", err)
		}
		if n == 0 {
			return true, nil
		}
		tell(fmt.Sprintf("waiting for %d old files to be deleted", n))
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-end.C:
			return false, nil
		case <-time.After(settlePause):
		}
	}
}

const settlePause = 500 * time.Millisecond
