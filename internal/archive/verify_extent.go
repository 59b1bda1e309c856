package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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
			t.problems = append(t.problems, Problem{Kind: Foreign, Object: o.Name, Detail: "it is no extent of a partition, and nothing reads it; remove it"})
			continue
		}
		t.of[partition], err = a.loadExtents(ctx, topic, partition)
		if errors.Is(err, ErrDamaged) {
			t.problems = append(t.problems, Problem{Kind: Damaged, Object: o.Name, Detail: err.Error()})
		} else if err != nil {
			return t, err
		}
	}
	return t, nil
}

// check says what is wrong with a topic's extents, and where its files do not reach as far
// as they must.
func (t topicExtents) check(after topicExtents, files []File) []Problem {
	problems := append(t.problems, t.gaps(after, files, true)...)
	unnoted := map[int]bool{}
	for _, f := range files {
		if _, noted := after.of[f.Partition]; !noted {
			unnoted[f.Partition] = true
		}
	}
	for partition := range unnoted {
		problems = append(problems, Problem{Kind: Missing, Object: t.archive.extentName(t.topic, partition),
			Detail: "it says where the files of the partition end; tiendi stream makes it again when it begins"})
	}
	slices.SortFunc(problems, Problem.compare)
	return problems
}

// gaps says where the files of a topic begin later, or with ends, end earlier, than they
// must: as was noted before they were listed and, of their beginning, after.
func (t topicExtents) gaps(after topicExtents, files []File, ends bool) (problems []Problem) {
	reached := map[chain]reach{}
	for _, f := range files {
		x, known := reached[f.chain()]
		if !known {
			x = reach{from: f.From, to: f.To, hour: f.Hour}
		}
		reached[f.chain()] = reach{from: min(x.from, f.From), to: max(x.to, f.To), hour: x.hour}
	}
	for partition, before := range t.of {
		for _, x := range before.Logs {
			c := chain{t.topic, partition, x.Log}
			for _, later := range after.of[partition].Logs {
				if later.Log == x.Log {
					x.From = max(x.From, later.From)
				}
			}
			is, there := reached[c]
			switch {
			case there:
				problems = append(problems, c.missing(t.archive, x.From, is.from, is.hour)...)
				if ends {
					problems = append(problems, c.missing(t.archive, is.to, x.To, time.Time{})...)
				}
			case ends:
				problems = append(problems, c.missing(t.archive, x.From, x.To, time.Time{})...)
			}
		}
	}
	slices.SortFunc(problems, Problem.compare)
	return problems
}

// reach is of the files of a log, and the hour of the first.
type reach struct {
	from, to uint64
	hour     time.Time
}

// missing says that no file has the offsets of a log, if there are any.
func (c chain) missing(a *Archive, from, to uint64, until time.Time) []Problem {
	if from >= to {
		return nil
	}
	return []Problem{{Kind: Missing, Object: a.extentName(c.topic, c.partition), Detail: fmt.Sprintf("offsets %d to %d of %s are in no file", from, to-1, c), until: until}}
}

func (p Problem) compare(q Problem) int {
	return cmp.Or(strings.Compare(p.Object, q.Object), strings.Compare(p.Detail, q.Detail))
}
