package archive

import (
	"context"
	"iter"
	"strings"
	"time"
)

// List gives the files of a topic whose hours are from ≤ hour < to, in the order of
// hour, partition, log and offset. Zero times are no bounds. Objects that are no files
// of the archive are passed over.
func (a *Archive) List(ctx context.Context, topic string, from, to time.Time) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for f, err := range a.listAll(ctx, topic, from, to) {
			if err == nil && f.file == nil {
				continue
			}
			if err != nil {
				yield(File{}, err)
				return
			}
			if !yield(*f.file, nil) {
				return
			}
		}
	}
}

// listed is an object of a topic; file is nil where it is none of ours.
type listed struct {
	name string
	file *File
}

// listAll is List with what is passed over.
func (a *Archive) listAll(ctx context.Context, topic string, from, to time.Time) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		for _, date := range datePrefixes(from, to) {
			for object, err := range a.bucket.List(ctx, a.prefix+topic+"/date="+date) {
				if err != nil {
					yield(listed{}, err)
					return
				}
				one := listed{name: object.Name}
				if f, ok := parseName(strings.TrimPrefix(object.Name, a.prefix)); ok {
					f.Size = object.Size
					if !to.IsZero() && !f.Hour.Before(to) {
						return
					}
					if f.Hour.Before(from) {
						continue
					}
					one.file = &f
				}
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// datePrefixes are what the dates from a time on, and before another, begin with, so
// that a few listings pass over years of files: of 2026-11-28 on that is 2026-11-28,
// 2026-11-29, 2026-11-3, 2026-12, … 2027, …
func datePrefixes(from, to time.Time) (prefixes []string) {
	if from.IsZero() {
		return []string{""}
	}
	first, last := from.UTC().Format(time.DateOnly), "9999-12-31"
	if !to.IsZero() {
		last = to.UTC().Add(-1).Format(time.DateOnly)
	}
	const greatest = "2999-19-39" // that a date's digits are
	prefixes = append(prefixes, first)
	for i := len(first) - 1; i >= 0; i-- {
		for digit := first[i] + 1; digit <= greatest[i] && first[i] != '-'; digit++ {
			if prefix := first[:i] + string(digit); prefix <= last[:i+1] {
				prefixes = append(prefixes, prefix)
			}
		}
	}
	return prefixes
}
