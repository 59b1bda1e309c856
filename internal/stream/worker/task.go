package worker

import (
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// Stage is a part of the stream.
type Stage string

// The stages, in the order that events take. Events, ClickHouse, Redis and
// PostgreSQL are sinks: the first takes enriched events, the others windows and
// sessions. Changes is a sink, too: of database changes.
const (
	Enrich     Stage = "enrich"
	Aggregate  Stage = "aggregate"
	Sessionize Stage = "sessionize"
	Events     Stage = "events"
	ClickHouse Stage = "clickhouse"
	Redis      Stage = "redis"
	PostgreSQL Stage = "postgres"
	Changes    Stage = "changes"
)

// targets are the sinks of the aggregated topic, in the order of their claims.
var targets = []Stage{ClickHouse, Redis, PostgreSQL}

// TopicSinks has a partition for each partition of each sink. Claiming it is the
// right to write there; the sink of events also writes its intents into it.
const TopicSinks = "analytics.sinks"

// TopicChangeSinks is the same for the sink of changes, with as many partitions as their
// topic has.
const TopicChangeSinks = "analytics.cdc.sink"

// SinkPartitions is how many partitions TopicSinks has for a stream of so many.
func SinkPartitions(partitions int) int { return partitions * (1 + 2*len(targets)) }

// Task is one stage on one partition of what it reads.
type Task struct {
	Stage     Stage
	Partition int
}

func (t Task) String() string { return fmt.Sprintf("%s/%d", t.Stage, t.Partition) }

// output is the partition that doing the task needs the claim of.
func (t Task) output(partitions int) (topic string, partition int) {
	switch t.Stage {
	case Enrich:
		return record.TopicEnriched, t.Partition
	case Aggregate:
		return record.TopicAggregated, t.Partition
	case Sessionize:
		return record.TopicAggregated, partitions + t.Partition
	case Events:
		return TopicSinks, t.Partition
	case Changes:
		return TopicChangeSinks, t.Partition
	case ArchiveRaw, ArchiveChanges, ArchiveRejected:
		return TopicArchive, partitions*slices.Index(Archives, t.Stage) + t.Partition
	}
	return TopicSinks, partitions*(1+2*slices.Index(targets, t.Stage)) + t.Partition
}

// tasksOf lists the tasks of stages over a stream of so many partitions.
func tasksOf(stages []Stage, partitions int) (tasks []Task) {
	for _, stage := range stages {
		n := partitions
		if slices.Contains(targets, stage) {
			n = 2 * partitions
		}
		for partition := range n {
			tasks = append(tasks, Task{stage, partition})
		}
	}
	return tasks
}
