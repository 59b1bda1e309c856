package clickhouse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

const appliedTable = "stream_applied_raw"

// position is what stream_applied_raw holds of a partition. Revision grows with each
// write, since the position itself goes back when a log is made again.
type position struct {
	progress broker.Progress
	revision uint64 // 0 before anything was applied
}

func (l *Live) position(ctx context.Context, partition int) (position, error) {
	p := position{progress: broker.Progress{Partition: partition}}
	text := ""
	sql := fmt.Sprintf("SELECT progress, revision FROM %s FINAL WHERE topic = %s AND stream_partition = %d",
		qualified(l.database, appliedTable), warehouse.Literal(record.TopicAggregated), partition)
	err := each(ctx, l.warehouse, sql, func(rows *warehouse.Rows) error { return rows.Scan(&text, &p.revision) })
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &p.progress)
	}
	if err != nil {
		return p, fmt.Errorf("read the position of partition %d in %s: %w", partition, appliedTable, err)
	}
	return p, nil
}

// expect is sink.ErrMoved when the position is not at from.
func (p position) expect(from broker.Progress) error {
	held, err := json.Marshal(p.progress)
	if err != nil {
		return err
	}
	thought, err := json.Marshal(from)
	if err != nil {
		return err
	}
	if !bytes.Equal(held, thought) {
		return fmt.Errorf("partition %d in %s: %w: it is at %d, not at %d", from.Partition, appliedTable, sink.ErrMoved, p.progress.Next, from.Next)
	}
	return nil
}

// move writes the position behind what was applied.
func (l *Live) move(ctx context.Context, p position, to broker.Progress) error {
	text, err := json.Marshal(to)
	if err != nil {
		return err
	}
	var (
		topic, progress native.Strings
		partition       native.UInt32s
		revision        native.UInt64s
	)
	topic.Append(record.TopicAggregated)
	progress.AppendBytes(text)
	partition.Append(uint32(to.Partition))
	revision.Append(p.revision + 1)
	b := block{table: appliedTable, columns: native.Block{
		{Name: "topic", Values: &topic}, {Name: "stream_partition", Values: &partition},
		{Name: "progress", Values: &progress}, {Name: "revision", Values: &revision},
	}}
	return b.insert(ctx, l.warehouse, l.database, nil)
}
