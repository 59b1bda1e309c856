package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is where layers are read, and where ids of the archive lie meanwhile.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
	InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error)
}

// Options are one verification.
type Options struct {
	Shape     Shape    // without Source, AsOf and Archive, which are found out
	Tables    []string // what to compare, of Tables; nil for all
	Warehouse Warehouse
	Database  string
	Source    *SourceOptions // nil without a mirrored database
	Archive   Events         // nil without an archive
	// MaxWait is how long what differs is looked at again: changes take seconds from the
	// shop to the raw tables, and a run of models may be at work.
	MaxWait time.Duration
	Poll    time.Duration     // between two looks
	Tell    func(text string) // of what is being done; nil for nobody
}

// Result is what was found.
type Result struct {
	Findings []Finding
	Notes    []string // what was not compared, and why
}

// Agrees says that no day differs.
func (r *Result) Agrees() bool {
	for _, f := range r.Findings {
		if len(f.Differences) > 0 {
			return false
		}
	}
	return true
}

// runner is a verification under way.
type runner struct {
	Options
	ids string // table of the archive's ids
}

func (r *runner) qualified(table string) string {
	return warehouse.Ident(r.Database) + "." + warehouse.Ident(table)
}

func (r *runner) tell(text string) {
	if r.Tell != nil {
		r.Tell(text)
	}
}

// Run compares. Its error says what could not be read; differences are none.
func Run(ctx context.Context, o Options) (result Result, err error) {
	if err := CheckTables(o.Tables); err != nil {
		return result, err
	}
	r := &runner{Options: o}
	defer func() { err = errors.Join(err, r.dropIDs(ctx)) }()
	if o.Archive != nil && (len(o.Tables) == 0 || slices.Contains(o.Tables, "events")) {
		if r.Shape.Archive, err = r.archive(ctx); err != nil {
			return result, fmt.Errorf("read the archive: %w", err)
		}
		if r.Shape.Archive == nil {
			result.Notes = append(result.Notes, "the archive has no events: nothing is compared with it")
		}
	}
	looks, notes, err := r.look(ctx, nil)
	result.Notes = append(result.Notes, notes...)
	if err != nil {
		return result, err
	}
	if err := r.lookTwice(ctx, looks); err != nil {
		return result, err
	}
	for _, l := range looks {
		result.Findings = append(result.Findings, l.finding)
	}
	return result, nil
}

// look is a check, and what is known of it.
type look struct {
	check   Check
	source  days // of the snapshot; nil where the check needs none
	finding Finding
}

func (l *look) differs() bool { return len(l.finding.Differences) > 0 }

// look plans and compares, and waits for what may be under way. The snapshot of the
// source is held for as long as its tables are read, and no longer. Where only is not
// nil, it takes those checks again that it is true of.
func (r *runner) look(ctx context.Context, only func(Check) bool) (looks []*look, notes []string, err error) {
	var shop *snapshot
	if r.Source != nil {
		r.tell("Reading the source database")
		if shop, err = openSource(ctx, r.Source); err != nil {
			return nil, nil, err
		}
		defer func() { shop.close(ctx) }()
		r.Shape.Source, r.Shape.AsOf = shop.tables, shop.lsn
	}
	checks, notes := Plan(&r.Shape, r.Tables)
	for _, c := range checks {
		if only != nil && !only(c) {
			continue
		}
		l := &look{check: c}
		if c.Queries[0].OnSource {
			r.tell(fmt.Sprintf("Reading the source's %s", c.From.Name))
			if l.source, err = shop.days(ctx, c.Queries[0].SQL, len(c.Figures)); err != nil {
				return nil, nil, fmt.Errorf("source table %s: %w", c.From.Name, err)
			}
		}
		looks = append(looks, l)
	}
	if shop != nil {
		shop.close(ctx)
	}
	return looks, notes, r.settle(ctx, looks)
}

// settle compares, and compares again what differs until it agrees or the wait is over.
func (r *runner) settle(ctx context.Context, looks []*look) error {
	end := time.Now().Add(r.MaxWait)
	for pending := looks; ; {
		var differ []*look
		for i, l := range pending {
			r.tell(fmt.Sprintf("Comparing %s with %s (%d of %d)", l.check.From.Name, l.check.To.Name, i+1, len(pending)))
			if err := r.compare(ctx, l); err != nil {
				return fmt.Errorf("compare %s with %s: %w", l.check.From.Name, l.check.To.Name, err)
			}
			if l.differs() {
				differ = append(differ, l)
			}
		}
		if pending = differ; len(pending) == 0 || !time.Now().Before(end) {
			return nil
		}
		r.tell(fmt.Sprintf("Waiting: %d comparisons differ, and what is under way may settle them", len(pending)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(r.Poll):
		}
	}
}

// lookTwice takes a second snapshot where the source differs: a commit may have fallen
// between the first one and its place in the log.
func (r *runner) lookTwice(ctx context.Context, looks []*look) error {
	differs := map[Place]*look{}
	for _, l := range looks {
		if l.source != nil && l.differs() {
			differs[l.check.To] = l
		}
	}
	if len(differs) == 0 {
		return nil
	}
	again, _, err := r.look(ctx, func(c Check) bool { return c.From.Layer == Source && differs[c.To] != nil })
	if err != nil {
		return err
	}
	for _, second := range again {
		first := differs[second.check.To]
		second.finding.both(&second.check, &first.finding)
		first.finding = second.finding
	}
	return nil
}

// compare reads the warehouse's side or sides.
func (r *runner) compare(ctx context.Context, l *look) error {
	n := len(l.check.Figures)
	if len(l.check.Queries) == 1 {
		all, err := r.days(ctx, l.check.Queries[0].SQL, 2*n)
		if err != nil {
			return err
		}
		from, to := all.split(n)
		l.finding = compare(&l.check, from, to)
		return nil
	}
	from, err := l.source, error(nil)
	if from == nil {
		if from, err = r.days(ctx, l.check.Queries[0].SQL, n); err != nil {
			return err
		}
	}
	to, err := r.days(ctx, l.check.Queries[1].SQL, n)
	if err != nil {
		return err
	}
	l.finding = compare(&l.check, from, to)
	return nil
}

// bounded has large groups and sorts done on disk, above so many bytes.
func bounded() warehouse.Option {
	return warehouse.WithSettings(map[string]any{
		"max_bytes_before_external_group_by": 1_000_000_000, "max_bytes_before_external_sort": 1_000_000_000,
	})
}

func (r *runner) days(ctx context.Context, sql string, figures int) (days, error) {
	found := days{}
	texts := make([]string, 1+figures)
	into := make([]any, len(texts))
	for i := range texts {
		into[i] = &texts[i]
	}
	err := r.each(ctx, sql, func(rows *warehouse.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		return found.add(texts)
	})
	return found, err
}

func (r *runner) each(ctx context.Context, sql string, do func(*warehouse.Rows) error) error {
	rows, err := r.Warehouse.Query(ctx, sql, bounded())
	if err != nil {
		return err
	}
	return rows.Each(do)
}
