package aggregate

import "time"

// What is not sent with each Flush has a turn every slowEvery of the enricher's clock,
// cut into slots: sent all at once it would keep the sinks busy for seconds, and
// what people wait for behind it. Every sink pays for each, so turns are as seldom as
// figures that nobody waits for may be.
const (
	slowEvery = 30 * time.Second
	slots     = 20
)

// slotOf is the slot, counted from 1970, that a time lies in.
func slotOf(at time.Time) int64 { return at.UnixNano() / int64(slowEvery/slots) }

// turn is the slots whose cells are to go. A cell belongs to every slot that leaves
// the same remainder by slots as its number, once that is scattered: cells of one
// store come one behind the other.
type turn struct{ after, upTo int64 }

// everything is a turn for all cells.
var everything = turn{upTo: slots}

func (t turn) has(n uint32) bool {
	ahead := (int64(n*0x9e3779b1>>16) - t.after - 1) % slots
	if ahead < 0 {
		ahead += slots
	}
	return ahead < t.upTo-t.after
}
