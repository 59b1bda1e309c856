package materialize

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Sweep removes what dead runs have left in the lease's databases and gives
// the number of relations removed. What belongs to living runs stays. Lock
// files that are left then go too, and whoever left one is buried even if nothing
// of it was found: the server may have made its lease only after the look, from a
// statement that outlived its sender.
func (l *Lease) Sweep(ctx context.Context, found []Temporary) (int, error) {
	owners := map[project.Relation]bool{}
	for _, t := range found {
		owners[project.Relation{Schema: t.Name.Schema, Identifier: t.Run}] = true
	}
	removed := 0
	for o := range owners {
		gone, err := isDead(ctx, l.w, o.Schema, o.Identifier)
		if err != nil {
			return removed, err
		}
		if !gone {
			continue
		}
		n, err := bury(ctx, l.w, l.dialect, o.Schema, o.Identifier)
		removed += n
		if err != nil {
			return removed, err
		}
	}
	if l.file == nil {
		return removed, nil
	}
	for _, run := range sweepFiles(filepath.Dir(l.file.Name()), l.file.Name()) {
		for _, schema := range l.schemas {
			n, err := bury(ctx, l.w, l.dialect, schema, run)
			removed += n
			if err != nil {
				return removed, err
			}
		}
	}
	return removed, nil
}

// HasEnded says whether a run that took a lease in a database has ended, and
// removes what it left there if it was killed: that it is dead may be seen only
// once on its own host, by its lock file.
func HasEnded(ctx context.Context, w Warehouse, cluster, schema, run string) (bool, error) {
	gone, err := isDead(ctx, w, schema, run)
	if err != nil || !gone {
		return false, err
	}
	_, err = bury(ctx, w, dialect{cluster: cluster}, schema, run)
	return true, err
}

// isDead says whether a run that took a lease in a database has ended, be it as
// it should or not: it asks for the lease. It has to be asked after one of the run's
// temporary relations was seen: leases are made first and removed last.
func isDead(ctx context.Context, w Warehouse, schema, run string) (bool, error) {
	name := NewNames(run).Lease(schema)
	rows, err := queryStrings(ctx, w, fmt.Sprintf(
		"SELECT comment, toString(dateDiff('second', metadata_modification_time, now())) FROM system.tables WHERE database = %s AND name = %s",
		warehouse.Literal(name.Schema), warehouse.Literal(name.Identifier)))
	if err != nil {
		return false, fmt.Errorf("look for the lease of run %s: %w", run, err)
	}
	if len(rows) == 0 {
		return true, nil
	}
	seconds, err := strconv.Atoi(rows[0][1])
	if err != nil {
		return false, fmt.Errorf("read the age of the lease of run %s: %w", run, err)
	}
	return dead(rows[0][0], time.Duration(seconds)*time.Second), nil
}

// bury removes everything of a dead run in a database, in the order that
// keeps it dead should it only have been paused: its lease, so that it
// notices; its running statements; the tables that any change it makes would
// have to name; last its tickets, which let others go on.
func bury(ctx context.Context, w Warehouse, d dialect, schema, run string) (int, error) {
	if _, err := w.Exec(ctx, d.drop(NewNames(run).Lease(schema))); err != nil {
		return 0, fmt.Errorf("end the lease of run %s: %w", run, err)
	}
	kill := fmt.Sprintf("KILL QUERY WHERE startsWith(query_id, %s) SYNC", warehouse.Literal(QueryPrefix(run)))
	if _, err := w.Exec(ctx, kill); err != nil {
		return 0, fmt.Errorf("end the statements of dead run %s: %w", run, err)
	}
	rows, err := queryStrings(ctx, w, fmt.Sprintf("SELECT name FROM system.tables WHERE database = %s AND startsWith(name, '%s') AND position(name, %s) > 0",
		warehouse.Literal(schema), temporaryPrefix, warehouse.Literal("_"+run)))
	if err != nil {
		return 0, fmt.Errorf("list what dead run %s left: %w", run, err)
	}
	// tmp stands after hold in the alphabet.
	slices.SortFunc(rows, func(a, b []string) int { return -compareNames(a[0], b[0]) })
	removed := 0
	for _, row := range rows {
		name := project.Relation{Schema: schema, Identifier: row[0]}
		if _, err := w.Exec(ctx, d.drop(name), unguarded()); err != nil {
			return removed, fmt.Errorf("remove what dead run %s left: %w", run, err)
		}
		removed++
	}
	return removed, nil
}

func compareNames(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// QueryPrefix begins the query ids of a run's statements, so that others can
// end them once the run is dead.
func QueryPrefix(run string) string { return "tiendi-" + run + "-" }
