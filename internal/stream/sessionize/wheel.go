package sessionize

import "slices"

// never is a due time that does not come.
const never = 1<<55 - 1

// wheel knows when to look at visitors. Those of the near future are in a heap, all
// others in lists of a second or so each, which go through the visitors themselves: a
// visitor is in its second's list, and takes no room here.
type wheel struct {
	soon  queue
	turns []turn // to come, in order
	begun int64  // the last one that is in soon
}

// turn is what a list is of: the visitors that are due in so many milliseconds.
type turn struct {
	number int64
	first  link
}

const turnBits = 10

// link is a slot plus one, 0 for none.
type link uint32

// waiting says where a visitor waits.
type waiting uint8

const (
	unlisted waiting = iota // in soon, or for nothing
	listed                  // in the list of the turn that it is due in
	strayed                 // in the list of another turn, which it is due before: so in soon, or for nothing
)

func newWheel() wheel { return wheel{begun: -never} }

// push has a visitor looked at when the watermark is past a moment, and no more when it
// would have been.
func (w *wheel) push(v *visitors, i slot, at int64) {
	at = min(max(at, -never), never)
	x, number := v.at(i), at>>turnBits
	switch {
	case x.waiting == listed && x.due.get()>>turnBits == number:
	case x.waiting == unlisted && number > w.begun:
		t := w.turn(number)
		x.next, t.first = t.first, link(i+1)
		x.waiting = listed
	default:
		if x.waiting == listed {
			x.waiting = strayed
		}
		w.soon.push(wakeUp{at, i})
	}
	x.due.set(at)
}

// turn gives the list of a turn to come.
func (w *wheel) turn(number int64) *turn {
	if n := len(w.turns); n > 0 && w.turns[n-1].number == number {
		return &w.turns[n-1]
	}
	at, known := slices.BinarySearchFunc(w.turns, number, func(t turn, number int64) int { return int(t.number - number) })
	if !known {
		w.turns = slices.Insert(w.turns, at, turn{number: number})
	}
	return &w.turns[at]
}

// pop gives a visitor that is due before the watermark, which is then due no more.
func (w *wheel) pop(v *visitors, watermark int64) (slot, bool) {
	for {
		for len(w.soon) > 0 && w.soon[0].at < watermark {
			e := w.soon.pop()
			if x := v.at(e.slot); x.due.get() == e.at {
				x.due.set(never)
				return e.slot, true
			}
		}
		if len(w.turns) == 0 || w.turns[0].number > watermark>>turnBits {
			return 0, false
		}
		w.begin(v, w.turns[0])
		w.turns = slices.Delete(w.turns, 0, 1)
	}
}

// begin puts those into soon that are in a turn's list.
func (w *wheel) begin(v *visitors, t turn) {
	w.begun = t.number
	for l := t.first; l != 0; {
		i := slot(l - 1)
		x := v.at(i)
		if x.waiting == listed {
			w.soon.push(wakeUp{x.due.get(), i})
		}
		l, x.next, x.waiting = x.next, 0, unlisted
		if x.id.IsZero() {
			v.free = append(v.free, i)
		}
	}
}
