package load

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// send gives a worker its own insert into the stage, opened with its first block.
func (f *fileLoad) send() (send func(context.Context, *block) error, end func(error) error) {
	var s sink
	send = func(ctx context.Context, b *block) (err error) {
		if s == nil {
			if s, err = f.insert(ctx, f.plan.insertStage(), writeSettings(), stageSettings()); err != nil {
				return err
			}
		}
		return s.send(b.all(f.batch), b.rows)
	}
	end = func(cause error) error {
		if s == nil {
			return cause
		}
		return s.close(cause)
	}
	return send, end
}

// stageSettings bound the memory that each insert takes on the server.
func stageSettings() warehouse.Option {
	return warehouse.WithSettings(map[string]any{
		"min_insert_block_size_rows":  1 << 19,
		"min_insert_block_size_bytes": 256 << 20,
	})
}

// reject keeps rejects aside until the file is committed.
func (f *fileLoad) reject(ctx context.Context, rejects []Reject) error {
	total := f.refused.Add(uint64(len(rejects)))
	if total >= hopelessRejects && !f.accepted.Load() {
		r := rejects[0]
		return &readError{fmt.Errorf("its first %d rows all fail, line %d because of %s %s: is it a file of %s?",
			total, r.Line, r.Reason, r.Pointer, f.job.table.File)}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.result.Rejects = append(f.result.Rejects, rejects...)
	slices.SortFunc(f.result.Rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
	f.result.Rejects = f.result.Rejects[:min(len(f.result.Rejects), maxRejectsShown)]
	if !f.staged {
		if err := f.exec(ctx, f.plan.create(f.plan.rejects(), f.plan.name(RejectsTable))); err != nil {
			return err
		}
		f.staged = true
	}
	s, err := f.insert(ctx, "INSERT INTO "+f.plan.rejects()+" ("+idents(rejectsTable().names())+")", writeSettings())
	if err != nil {
		return err
	}
	return s.close(s.send(rejectColumns(rejects, f.job.table.Name, f.batch, f.Now()), len(rejects)))
}
