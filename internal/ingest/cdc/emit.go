package cdc

import (
	"context"
	"time"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/change"
)

// described notes a table's new columns. They are saved with the first position behind
// the transaction that has them, so that what is read again finds the old ones.
func (r *replication) described(name TableName, columns []change.Column, at pglogrepl.LSN) {
	r.altered = append(r.altered, alteration{name, columns, at})
	r.Say("columns have changed", "table", name.String())
}

// emit takes a change from the decoder.
func (r *replication) emit(c *change.Change, absent []int) error {
	r.count(counted{c.Relation, c.Op})
	if r.waiting.IsZero() {
		r.waiting = r.Clock()
		if err := r.wire.Conn().SetReadDeadline(r.waiting.Add(linger)); err != nil {
			return err
		}
	}
	if len(absent) > 0 || len(r.queue.changes) > 0 {
		r.queue.add(c, absent, r.track.at(), r.decoder.xid)
		return nil
	}
	return r.pack(c, r.track.at())
}

func (r *replication) count(what counted) {
	counter := r.counters[what]
	if counter == nil {
		counter = r.counts.changes.WithLabelValues(what.relation.Schema+"."+what.relation.Name, opNames[what.op])
		r.counters[what] = counter
	}
	counter.Inc()
	r.changed.Add(1)
}

// pack puts a change into the batch of its partition, a truncate into all.
func (r *replication) pack(c *change.Change, before pglogrepl.LSN) error {
	r.before = before
	if c.Op != change.Truncate {
		r.keys = keyOf(c.Relation.Columns, c.Row, r.keys[:0])
		return r.packer.add(change.Partition(c.Relation.Name, r.keys, r.Partitions), c)
	}
	for partition := range r.Partitions {
		if err := r.packer.add(partition, c); err != nil {
			return err
		}
	}
	return nil
}

// unqueue gives the changes that wait for values theirs, and packs all.
func (r *replication) unqueue(ctx context.Context) error {
	if len(r.queue.changes) == 0 {
		return nil
	}
	gone, err := r.queue.resolve(ctx, r.conn, r.tables, func() error { return r.tick(ctx) })
	if err != nil {
		return r.db.explain(err)
	}
	for i := range r.queue.changes {
		one := &r.queue.changes[i]
		if gone[one] {
			continue
		}
		if err := r.pack(&one.change, one.before); err != nil {
			return err
		}
	}
	r.queue = queue{}
	return nil
}

// flush sends everything that waits.
func (r *replication) flush(ctx context.Context) error {
	if err := r.unqueue(ctx); err != nil {
		return err
	}
	r.waiting = time.Time{}
	return r.packer.flushAll()
}

// room waits until so many bytes may be under way. Meanwhile PostgreSQL hears of us, or
// it would end the session (wal_sender_timeout).
func (r *replication) room(ctx context.Context, n int64) error {
	for {
		waiting, cancel := context.WithTimeout(ctx, statusEvery)
		err := r.out.room.Acquire(waiting, n)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if err := r.tick(ctx); err != nil {
			return err
		}
	}
}
