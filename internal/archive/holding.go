package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Held is a file and what it says of itself.
type Held struct {
	File
	Manifest Manifest
}

// early is how long before it happened, by its own account, an event may arrive: clocks
// that are further ahead are refused. What arrives late may be in any later file.
const early = 5 * time.Minute

// manifestsAtOnce is how many are read at the same time.
const manifestsAtOnce = 16

// ErrIncomplete: files are missing, or are there twice. The error says which.
var ErrIncomplete = errors.New("the archive is not complete")

// Files gives the files of a topic whose hours are from ≤ hour < to, in the order of
// their logs, partition by partition. Zero times are no bounds. Where files are missing
// among those, before or behind them, or are there twice, it is ErrIncomplete: what is read
// would not be what came.
func (a *Archive) Files(ctx context.Context, topic string, from, to time.Time) ([]File, error) {
	noted, err := a.allExtents(ctx, topic)
	if err != nil {
		return nil, err
	}
	// Of a file that is missing, only those around it tell the hour.
	s, err := a.survey(ctx, topic, time.Time{}, to)
	if err != nil {
		return nil, err
	}
	now, err := a.allExtents(ctx, topic)
	if err != nil {
		return nil, err
	}
	problems := append(s.misplaced, noted.gaps(now, s.files, to.IsZero())...)
	problems = slices.DeleteFunc(problems, func(p Problem) bool { return !p.until.IsZero() && p.until.Before(from) })
	if len(problems) > 0 {
		err = fmt.Errorf("%w: %s (problem 1 of %d)", ErrIncomplete, problems[0], len(problems))
	}
	return slices.DeleteFunc(s.files, func(f File) bool { return f.Hour.Before(from) }), err
}

// Holding gives the files of a topic that may hold something of that time, by the times
// of the events themselves: from ≤ time < to. It looks at all files from the hour of
// from on, however late an event was, and otherwise is as Files. Partitions may be read
// side by side.
func (a *Archive) Holding(ctx context.Context, topic string, from, to time.Time) ([]Held, error) {
	files, err := a.Files(ctx, topic, from.Add(-early).UTC().Truncate(time.Hour), time.Time{})
	if err != nil {
		return nil, err
	}
	held := make([]Held, len(files))
	var group errgroup.Group
	group.SetLimit(manifestsAtOnce)
	for i, f := range files {
		group.Go(func() (err error) {
			held[i].File = f
			held[i].Manifest, err = a.Manifest(ctx, f)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var chosen []Held
	for _, h := range held {
		if h.Manifest.Overlaps(from, to) {
			chosen = append(chosen, h)
		}
	}
	return chosen, nil
}
