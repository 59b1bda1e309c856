package sessionize

// wakeUp says when to look at a visitor: once the watermark is past at. Those
// whose visitor has another due time by then are stale.
type wakeUp struct {
	at   int64
	slot slot
}

// queue is a heap, the earliest first. Four children a node: half as many levels make
// half as many misses of the cache.
type queue []wakeUp

const fanOut = 4

func (q *queue) push(w wakeUp) {
	*q = append(*q, w)
	h := *q
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / fanOut
		if h[parent].at <= w.at {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = w
}

// pop takes the earliest away; there must be one.
func (q *queue) pop() wakeUp {
	h := *q
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	for i := 0; len(h) > 0; {
		least := i*fanOut + 1
		for c := least + 1; c < min(i*fanOut+1+fanOut, len(h)); c++ {
			if h[c].at < h[least].at {
				least = c
			}
		}
		if least >= len(h) || h[least].at >= last.at {
			h[i] = last
			break
		}
		h[i] = h[least]
		i = least
	}
	return first
}
