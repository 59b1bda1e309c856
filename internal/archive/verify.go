package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/blob"
)

// The kinds of problems.
const (
	Damaged     = "damaged"     // not what was written
	Missing     = "missing"     // offsets that no file has
	Doubled     = "doubled"     // a file a second time
	Overlapping = "overlapping" // offsets that two files have
	Foreign     = "foreign"     // an object that is none of the archive's
)

// Problem is something that is wrong with the archive.
type Problem struct {
	Kind   string `json:"kind"`
	Object string `json:"object"` // the one that it was noticed by
	Detail string `json:"detail"`

	until time.Time // hour of the file behind it, zero where there is none
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s: %s", p.Object, p.Kind, p.Detail) }

// Verified is what Verify has looked at.
type Verified struct {
	Files    int       `json:"files"`
	Events   int       `json:"events"`
	Bytes    int64     `json:"bytes"` // of the files
	Problems []Problem `json:"problems"`
}

// verifyAtOnce is how many files are read at the same time; each is held whole.
const verifyAtOnce = 4

// Verify reads all files of topics whose hours are from ≤ hour < to, holds them against
// their manifests, and looks for gaps and overlaps. Zero times are no bounds. It calls
// progress, which may be nil, with what it has so far.
func (a *Archive) Verify(ctx context.Context, topics []string, from, to time.Time, progress func(Verified)) (Verified, error) {
	v := Verified{Problems: []Problem{}}
	for _, topic := range topics {
		if err := a.verify(ctx, &v, topic, from, to, progress); err != nil {
			return v, err
		}
	}
	return v, nil
}

// verify adds a topic. Workers may write meanwhile: what they had noted before the files
// were listed must be there, but for what they have removed since.
func (a *Archive) verify(ctx context.Context, v *Verified, topic string, from, to time.Time, progress func(Verified)) error {
	before, err := a.allExtents(ctx, topic)
	if err != nil {
		return err
	}
	s, err := a.survey(ctx, topic, from, to)
	if err != nil {
		return err
	}
	v.Problems = append(append(v.Problems, s.foreign...), s.misplaced...)
	if from.IsZero() && to.IsZero() {
		after, err := a.allExtents(ctx, topic)
		if err != nil {
			return err
		}
		v.Problems = append(v.Problems, before.check(after, s.files)...)
	}
	return a.readAll(ctx, s.files, v, progress)
}

// surveyed are the files of a topic, in the order of their logs, and what is among them.
type surveyed struct {
	files     []File
	foreign   []Problem
	misplaced []Problem
}

// survey lists a topic. A listing takes time: it may have passed by where a file was
// written then, and have the next one. So a gap counts that a second one has, too.
func (a *Archive) survey(ctx context.Context, topic string, from, to time.Time) (surveyed, error) {
	s, err := a.surveyOnce(ctx, topic, from, to)
	if err != nil || !slices.ContainsFunc(s.misplaced, func(p Problem) bool { return p.Kind == Missing }) {
		return s, err
	}
	again, err := a.surveyOnce(ctx, topic, from, to)
	again.misplaced = slices.DeleteFunc(again.misplaced, func(p Problem) bool {
		return p.Kind == Missing && !slices.Contains(s.misplaced, p)
	})
	return again, err
}

func (a *Archive) surveyOnce(ctx context.Context, topic string, from, to time.Time) (s surveyed, err error) {
	for one, err := range a.listAll(ctx, topic, from, to) {
		switch {
		case err != nil:
			return s, err
		case one.file != nil:
			s.files = append(s.files, *one.file)
		default:
			s.foreign = append(s.foreign, Problem{Kind: Foreign, Object: one.name, Detail: "it is no file of the archive, and nothing reads it; remove it"})
		}
	}
	slices.SortFunc(s.files, File.compare)
	s.misplaced = a.order(s.files)
	return s, nil
}

// order says where files, in the order of their logs, do not lie end to end.
func (a *Archive) order(files []File) (problems []Problem) {
	var before File // that reaches furthest
	for i, f := range files {
		if i > 0 && f.chain() == before.chain() && f.From != before.To {
			problems = append(problems, a.misplaced(before, f))
		}
		if i == 0 || f.chain() != before.chain() || f.To > before.To {
			before = f
		}
	}
	return problems
}

// misplaced says what is wrong with a file that does not begin where the others end.
func (a *Archive) misplaced(before, f File) Problem {
	p, other := Problem{Object: a.prefix + f.Name(), until: f.Hour}, a.prefix+before.Name()
	switch {
	case f.From > before.To:
		p.Kind, p.Detail = Missing, fmt.Sprintf("offsets %d to %d of %s are in no file; before it is %s", before.To, f.From-1, f.chain(), other)
	case f.From == before.From && f.To == before.To:
		p.Kind, p.Detail = Doubled, "the same offsets are in "+other+"; remove the copy"
	default:
		p.Kind, p.Detail = Overlapping, fmt.Sprintf("offsets %d to %d of %s are in %s, too", f.From, min(before.To, f.To)-1, f.chain(), other)
	}
	return p
}

// readAll reads files, adds them up, and adds those that are damaged to the problems.
func (a *Archive) readAll(ctx context.Context, files []File, v *Verified, progress func(Verified)) error {
	type result struct {
		m   Manifest
		err error
	}
	for batch := range slices.Chunk(files, verifyAtOnce) {
		results := make([]result, len(batch))
		var group errgroup.Group
		for i, f := range batch {
			group.Go(func() error {
				m, _, err := a.content(ctx, f)
				results[i] = result{m, err}
				if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, blob.ErrMissing) {
					return fmt.Errorf("%s: %w", a.prefix+f.Name(), err)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i, r := range results {
			v.add(a.prefix+batch[i].Name(), batch[i].Size, r.m, r.err)
		}
		if progress != nil {
			progress(*v)
		}
	}
	return nil
}

func (v *Verified) add(name string, size int64, m Manifest, err error) {
	v.Files++
	v.Bytes += size
	switch {
	case errors.Is(err, blob.ErrMissing):
		v.Problems = append(v.Problems, Problem{Kind: Missing, Object: name, Detail: "it was removed while the archive was read"})
	case err != nil:
		v.Problems = append(v.Problems, Problem{Kind: Damaged, Object: name, Detail: err.Error()})
	default:
		v.Events += m.Events
	}
}
