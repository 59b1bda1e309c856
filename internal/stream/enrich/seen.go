package enrich

import (
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// seen remembers the ids of the newest events in two generations of hashes of 64
// bits: when the younger is full the older is forgotten. Of what was forgotten it
// knows the latest timestamp: an event after that, with a hash that neither
// generation holds, was never seen. By chance a hash stands for another event once
// in 10^12 times at 16 million.
type seen struct {
	most       int // hashes in a generation
	young, old table
	// horizon is the latest timestamp of what was forgotten, in ms; forgotten says
	// that there is one. latest are those of the generations.
	forgotten              bool
	horizon                int64
	youngLatest, oldLatest int64
	touched                uint64 // what touch read, so that it is read
}

// verdict is what is known of an event.
type verdict byte

const (
	fresh     verdict = iota // never seen
	repeated                 // seen
	unsettled                // older than what is remembered
)

func newSeen(events int) *seen {
	m := offheap.New()
	return &seen{most: max(events/2, 1), young: table{memory: m}, old: table{memory: m}}
}

func hashOf(session, id event.ID) uint64 {
	var key [2 * len(id)]byte
	copy(key[:], session[:])
	copy(key[len(session):], id[:])
	// 0 marks a free place of a table.
	return max(xxhash.Sum64(key[:]), 1)
}

// touch reads where hashes would be, before they are looked up one by one: each is
// somewhere else in memory, and reads that do not depend on each other wait together.
func (s *seen) touch(hashes []uint64) {
	for _, hash := range hashes {
		s.touched ^= s.young.first(hash) ^ s.old.first(hash)
	}
}

// judge looks an event up.
func (s *seen) judge(hash uint64, at time.Time) verdict {
	switch {
	case s.has(hash):
		return repeated
	case s.forgotten && at.UnixMilli() <= s.horizon:
		return unsettled
	}
	return fresh
}

func (s *seen) has(hash uint64) bool { return s.young.has(hash) || s.old.has(hash) }

// add remembers an event, which may be remembered already.
func (s *seen) add(hash uint64, at time.Time) {
	if !s.has(hash) {
		s.addFresh(hash, at)
	}
}

// addFresh remembers an event that is not remembered.
func (s *seen) addFresh(hash uint64, at time.Time) {
	if s.young.count >= s.most {
		s.turn()
	}
	ms := at.UnixMilli()
	if s.young.count == 0 || ms > s.youngLatest {
		s.youngLatest = ms
	}
	s.young.add(hash)
}

// turn begins a new generation.
func (s *seen) turn() {
	if s.old.count > 0 {
		s.horizon = max(s.oldLatest, s.horizon)
		if !s.forgotten {
			s.horizon = s.oldLatest
		}
		s.forgotten = true
	}
	s.old.drop()
	s.young, s.old = s.old, s.young
	s.youngLatest, s.oldLatest = 0, s.youngLatest
}
