package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Run loads files one after the other, each wholly or not at all. Its error is
// what kept it from going on: the warehouse or the context. A file that cannot
// be read is told in the result, and the next one is loaded.
func Run(ctx context.Context, o Options) (*Result, error) {
	tables := Tables()
	only, err := tableNamed(o.Table, tables)
	if err != nil {
		return nil, err
	}
	jobs, unplaced := find(o.Paths, only, tables)
	result := &Result{Unplaced: unplaced}
	if len(jobs) == 0 {
		return result, nil
	}
	l := &loader{Options: o, id: o.NewID(), jobs: jobs}
	if l.KnownEvent == nil {
		l.KnownEvent = event.Type.Known
	}
	if l.Enricher == nil {
		if l.Enricher, err = enrich.New(enrich.Options{}); err != nil {
			return nil, err
		}
	}
	ctx, alive, err := l.begin(ctx)
	if err != nil {
		return result, err
	}
	defer alive.release()
	for i := range jobs {
		file, err := l.file(ctx, i)
		result.Files = append(result.Files, file)
		if err != nil {
			return result, err
		}
	}
	return result, nil
}

func tableNamed(name string, tables []*Table) (*Table, error) {
	if name == "" {
		return nil, nil
	}
	var names []string
	for _, t := range tables {
		if name == t.Name || name == t.File {
			return t, nil
		}
		names = append(names, t.File)
	}
	return nil, fmt.Errorf("there is no table %q to load into; there are %s", name, strings.Join(names, ", "))
}

// loader is one run.
type loader struct {
	Options
	id    string
	jobs  []job
	done  int
	bytes int64 // of the files that are done
	show  sync.Mutex
}

const tablePrefix = "_tiendi_load_"

func (l *loader) aliveID(id string) string { return "tiendi-load-" + l.Database + "-" + id }

// begin makes the tables, shows that this load is alive, and clears away what
// dead ones left.
func (l *loader) begin(ctx context.Context) (context.Context, *hold, error) {
	models := []string{RejectsTable}
	for _, j := range l.jobs {
		if !slices.Contains(models, j.table.Name) {
			models = append(models, j.table.Name)
		}
	}
	if err := l.Tables.Ensure(ctx, models...); err != nil {
		return nil, nil, fmt.Errorf("create the raw tables: %w", err)
	}
	if _, err := l.Warehouse.Exec(ctx, createHistory(l.Database)); err != nil {
		return nil, nil, fmt.Errorf("create %s: %w", HistoryTable, err)
	}
	ctx, alive, err := acquire(ctx, l.Warehouse, l.aliveID(l.id), l.id)
	if err != nil {
		return nil, nil, err
	}
	if err := l.sweep(ctx); err != nil {
		alive.release()
		return nil, nil, fmt.Errorf("clear away what a killed load left: %w", err)
	}
	return ctx, alive, nil
}

func (l *loader) progress(j job, read int64, p Progress) {
	p.File, p.Files, p.Done = j.path, len(l.jobs), l.done
	p.Bytes = l.bytes + read
	for _, j := range l.jobs {
		p.TotalBytes += j.size
	}
	l.show.Lock()
	defer l.show.Unlock()
	l.Progress(p)
}

// fatal says whether an error concerns more than the file at hand.
func fatal(ctx context.Context, err error) bool {
	var server *warehouse.Error
	var read *readError
	return err != nil && (ctx.Err() != nil || errors.As(err, &server) || !errors.As(err, &read))
}
