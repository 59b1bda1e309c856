package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// topicExtents are those of a topic's partitions, and of which object each is.
type topicExtents struct {
	archive  *Archive
	topic    string
	of       map[int]extents
	problems []Problem
}

// allExtents reads those of all partitions of a topic.
func (a *Archive) allExtents(ctx context.Context, topic string) (t topicExtents, err error) {
	t = topicExtents{archive: a, topic: topic, of: map[int]extents{}}
	prefix := a.prefix + topic + "/partition="
	for o, err := range a.bucket.List(ctx, prefix) {
		if err != nil {
			return t, err
		}
		number, ok := strings.CutSuffix(strings.TrimPrefix(o.Name, prefix), ".json")
		partition, err := strconv.Atoi(number)
		if !ok || err != nil || a.extentName(topic, partition) != o.Name {
			t.problems = append(t.problems, Problem{Foreign, o.Name, "it is no extent of a partition, and nothing reads it; remove it"})
			continue
		}
		t.of[partition], err = a.loadExtents(ctx, topic, partition)
		if errors.Is(err, ErrDamaged) {
			t.problems = append(t.problems, Problem{Damaged, o.Name, err.Error()})
		} else if err != nil {
			return t, err
		}
	}
	return t, nil
}

// check says where the files of a topic begin later, or end earlier, than they must: as
// was noted before they were listed and, of their beginning, after.
func (t topicExtents) check(after topicExtents, files []File) []Problem {
	problems := t.problems
	reached := map[chain]extent{}
	unnoted := map[int]bool{}
	for _, f := range files {
		x, known := reached[f.chain()]
		if !known {
			x = extent{From: f.From, To: f.To}
		}
		reached[f.chain()] = extent{From: min(x.From, f.From), To: max(x.To, f.To)}
		if _, noted := after.of[f.Partition]; !noted {
			unnoted[f.Partition] = true
		}
	}
	for partition, before := range t.of {
		for _, x := range before.Logs {
			c := chain{t.topic, partition, x.Log}
			for _, later := range after.of[partition].Logs {
				if later.Log == x.Log {
					x.From = max(x.From, later.From)
				}
			}
			problems = append(problems, x.check(t.archive.extentName(t.topic, partition), c, reached)...)
		}
	}
	for partition := range unnoted {
		problems = append(problems, Problem{Missing, t.archive.extentName(t.topic, partition),
			"it says where the files of the partition end; tiendi stream makes it again when it begins"})
	}
	slices.SortFunc(problems, func(p, q Problem) int {
		return cmp.Or(strings.Compare(p.Object, q.Object), strings.Compare(p.Detail, q.Detail))
	})
	return problems
}

// check says which offsets of a log no file has, at the beginning and at the end.
func (x extent) check(name string, c chain, reached map[chain]extent) (problems []Problem) {
	missing := func(from, to uint64) {
		if from < to {
			problems = append(problems, Problem{Missing, name, fmt.Sprintf("offsets %d to %d of %s are in no file", from, to-1, c)})
		}
	}
	is, there := reached[c]
	if !there {
		missing(x.From, x.To)
		return problems
	}
	missing(x.From, is.From)
	missing(is.To, x.To)
	return problems
}
