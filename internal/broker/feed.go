package broker

import (
	"math"
	"slices"
	"time"
)

const (
	// feedBytes is how far the first cursor of a feed may be ahead of the last, in bytes
	// as the broker sent them, and feedPatience how long it then waits for that one.
	feedBytes    = 8 << 20
	feedPatience = 500 * time.Millisecond
	// feedAhead is how many offsets a cursor may be ahead of a feed that it joins.
	feedAhead = 64
	// So much is kept of what all have read, for a cursor that is nearly there.
	pastMessages = 8
	pastBytes    = 512 << 10
)

// feed is what one cursor of the broker's has given to those that read together. All of
// it needs the lock of its fanOut, but for the source, which whoever has filled reading
// may use.
type feed struct {
	source  Cursor
	reading chan struct{}

	messages []Stored // waiting
	bytes    int      // that they hold
	// fullSince is when full began to hold, if it does.
	fullSince time.Time
	floor     uint64 // all from this offset on is in messages, or is still to come
	next      uint64 // all below was read from the source
	cursors   []*fannedCursor
	err       error         // of the source
	changed   chan struct{} // closed and replaced when there is a message or an error
	trimmed   chan struct{} // closed and replaced when messages were removed
}

func newFeed(source Cursor, from uint64) *feed {
	return &feed{
		source: source, floor: from, next: from,
		reading: make(chan struct{}, 1), changed: make(chan struct{}), trimmed: make(chan struct{}),
	}
}

func (f *feed) add(c *fannedCursor) {
	f.cursors = append(f.cursors, c)
	c.feed = f
}

func (f *feed) remove(c *fannedCursor) {
	f.cursors = slices.DeleteFunc(f.cursors, func(other *fannedCursor) bool { return other == c })
	c.feed = nil
	f.trim()
}

func (f *feed) change() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// push adds what the source gave.
func (f *feed) push(m Stored) {
	was := f.full()
	m = m.waiting()
	f.messages = append(f.messages, m)
	f.bytes += m.weight()
	if f.full() && !was {
		f.fullSince = time.Now()
	}
	f.next = m.Offset + 1
}

// message gives a cursor its next message, if it is there.
func (f *feed) message(c *fannedCursor) (Stored, bool) {
	if c.next >= f.next {
		return Stored{}, false
	}
	at := f.from(c.next)
	if at == len(f.messages) {
		return Stored{}, false
	}
	m := f.messages[at]
	c.next = m.Offset + 1
	f.trim()
	return m, true
}

// from is the index of the first message from an offset on.
func (f *feed) from(offset uint64) int {
	at, _ := slices.BinarySearchFunc(f.messages, offset, func(m Stored, offset uint64) int {
		if m.Offset < offset {
			return -1
		}
		return 1
	})
	return at
}

// unpacked takes note of a body that was unpacked anew, for those who are still to come.
func (f *feed) unpacked(m Stored) {
	if at := f.from(m.Offset); at < len(f.messages) && f.messages[at].Offset == m.Offset {
		f.messages[at].Packed = m.Packed
	}
}

// full says that the feed may not grow: its last cursor is too far behind.
func (f *feed) full() bool { return f.bytes >= feedBytes }

// trim removes what all have read, but for the little that is kept of it.
func (f *feed) trim() {
	last := uint64(math.MaxUint64)
	for _, c := range f.cursors {
		last = min(last, c.next)
	}
	n := 0
	for n < len(f.messages) && f.messages[n].Offset < last && (len(f.messages)-n > pastMessages || f.bytes > pastBytes) {
		f.bytes -= f.messages[n].weight()
		f.floor = f.messages[n].Offset + 1
		n++
	}
	if n == 0 {
		return
	}
	clear(f.messages[:n]) // the bodies go now
	f.messages = f.messages[n:]
	close(f.trimmed)
	f.trimmed = make(chan struct{})
}

// leaveBehind takes off those that keep the feed from growing.
func (f *feed) leaveBehind() {
	for f.full() && len(f.messages) > 0 {
		first := f.messages[0].Offset
		for _, c := range slices.Clone(f.cursors) {
			if c.next <= first {
				f.remove(c)
			}
		}
		f.trim()
	}
}
