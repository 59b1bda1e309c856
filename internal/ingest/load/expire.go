package load

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// exception is what the TTL of a raw table must say for rows that were loaded
// although they are older than it keeps. It is written as the server writes it.
const exception = "NOT startsWith(" + colBatch + ", '" + keptPrefix + "')"

// expiry is the strictest of the var and of the table's rules: rows before
// oldest are not kept, because of whose.
func (f *fileLoad) expiry(now time.Time) (oldest time.Time, whose string) {
	if f.TTLYears > 0 {
		oldest, whose = now.AddDate(-f.TTLYears, 0, 0), "the var ttl_years"
	}
	for _, r := range f.ttl.rules {
		if r.n > 0 && r.oldest(now).After(oldest) {
			oldest, whose = r.oldest(now), "the "+r.String()+" of "+f.job.table.Name+"'s own TTL"
		}
	}
	return oldest, whose
}

// checkException refuses to load rows as kept ones where the table would delete
// them all the same.
func (f *fileLoad) checkException() error {
	for _, r := range f.ttl.rules {
		if !f.AllowExpired || r.n == 0 || r.spares {
			continue
		}
		return &readError{fmt.Errorf("the TTL of %s deletes old rows also where --allow-expired brought them; give it the exception first: "+
			"ALTER TABLE %s MODIFY TTL toDateTime(%s) + INTERVAL %d %s DELETE WHERE %s", f.job.table.Name, f.plan.raw(),
			warehouse.Ident(f.job.table.Expires), r.n, r.unit, exception)}
	}
	return nil
}

// checkStage lets the server say which rows it would not keep: those that a rule
// of another form than the plain one deletes, or whose last day is today.
func (f *fileLoad) checkStage(ctx context.Context) error {
	if len(f.ttl.rules) == 0 {
		return nil
	}
	var kept uint64
	if err := scan(ctx, f.Warehouse, f.plan.countKept(f.ttl), &kept); err != nil {
		return err
	}
	if kept == f.result.Rows {
		return nil
	}
	return &readError{fmt.Errorf("the table's TTL (%s) deletes %d of its %d rows as too old: change it, or load rows that it keeps",
		f.ttl.text, f.result.Rows-kept, f.result.Rows)}
}

// expiredError says that a file holds rows that would not be kept.
type expiredError struct {
	line  uint64
	at    time.Time
	whose string // limit
}

func (e *expiredError) Error() string {
	return fmt.Sprintf("line %d is of %s, and rows older than %s are not kept; load them all the same with --allow-expired", e.line, e.at.Format(time.DateOnly), e.whose)
}
