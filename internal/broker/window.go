package broker

// Window is how many batches of one producer and partition may be under way, or
// lie between a batch and its repetition.
const Window = 256

// window remembers which of a producer's last batches were seen, so that a doubled
// one is dropped while one that was overtaken is kept.
type window struct {
	Last uint64              `json:"last"`          // highest sequence seen
	Gaps [Window / 64]uint64 `json:"gaps,omitzero"` // bit n%Window: n was not seen, for Last-Window < n < Last
	At   uint64              `json:"at"`            // offset of the newest message, to forget the oldest by
}

// add reports whether the sequence is new, and remembers it.
func (w *window) add(sequence uint64) bool {
	switch {
	case w.Last == 0:
		// Reading may begin anywhere in the log: what came before was not seen here.
		w.mark(sequence-min(sequence-1, Window-1), sequence)
		w.Last = sequence
		return true
	case sequence > w.Last:
		w.mark(max(w.Last+1, sequence-min(sequence-1, Window-1)), sequence)
		w.Last = sequence
		w.clear(sequence)
		return true
	case sequence+Window <= w.Last:
		return false
	}
	missing := w.Gaps[sequence%Window/64]&(1<<(sequence%64)) != 0
	w.clear(sequence)
	return missing
}

// mark notes from ≤ n < to as not seen.
func (w *window) mark(from, to uint64) {
	for n := from; n < to; n++ {
		w.Gaps[n%Window/64] |= 1 << (n % 64)
	}
}

func (w *window) clear(n uint64) {
	w.Gaps[n%Window/64] &^= 1 << (n % 64)
}
