package cdc

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/change"
)

// packer makes changes into batches. It is not safe for concurrent use.
type packer struct {
	out      *output
	encoders []change.Encoder
	building int // bytes of all encoders
	// room waits until so many bytes may be under way.
	room func(n int64) error
	// opened is told of each batch that is begun, and gives what is called once the log
	// has it.
	opened    func(partition int) (confirmed func())
	confirmed []func() // of the batches that are being made
}

func newPacker(out *output) *packer {
	n := len(out.lanes)
	return &packer{out: out, encoders: make([]change.Encoder, n), confirmed: make([]func(), n)}
}

// add appends a change to a partition's batch. It keeps nothing of the row.
func (p *packer) add(partition int, c *change.Change) error {
	size := 32
	for _, value := range c.Row {
		size += len(value) + 4
	}
	if size > maxRow {
		return fmt.Errorf("a row of %s.%s takes %d bytes, and the log takes %d\n  leave its largest column out: a publication may list the columns it has (PostgreSQL 15)",
			c.Relation.Schema, c.Relation.Name, size, maxRow)
	}
	e := &p.encoders[partition]
	before := e.Bytes()
	if e.Len() > 0 && before+size > maxRow {
		if err := p.flush(partition); err != nil {
			return err
		}
	}
	if e.Len() == 0 {
		p.confirmed[partition], before = p.opened(partition), 0
	}
	e.Add(c)
	p.building += e.Bytes() - before
	if e.Bytes() >= batchBytes {
		return p.flush(partition)
	}
	if p.building >= maxBuilding {
		return p.flushAll()
	}
	return nil
}

func (p *packer) flush(partition int) error {
	e := &p.encoders[partition]
	count := e.Len()
	if count == 0 {
		return nil
	}
	if err := p.room(int64(e.Bytes())); err != nil {
		return err
	}
	p.building -= e.Bytes()
	p.out.put(partition, e.Body(), count, p.confirmed[partition])
	return nil
}

func (p *packer) flushAll() error {
	for i := range p.encoders {
		if err := p.flush(i); err != nil {
			return err
		}
	}
	return nil
}
