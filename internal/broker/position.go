package broker

import (
	"cmp"
	"fmt"
)

// Position is the place of one event. Positions of one log grow with its events.
type Position struct {
	Log       string `json:"log"` // Bounds.ID
	Partition int    `json:"partition"`
	Offset    uint64 `json:"offset"` // of the message
	Index     int    `json:"index"`  // in the message's batch, from 0
}

// Compare orders two positions of one log: -1, 0 or 1.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Offset, q.Offset), cmp.Compare(p.Index, q.Index))
}

func (p Position) String() string {
	return fmt.Sprintf("%s/%d@%d.%d", p.Log, p.Partition, p.Offset, p.Index)
}

// After is where reading goes on behind the message: Progress.Next once it was read.
func (p Position) After() uint64 { return p.Offset + 1 }
