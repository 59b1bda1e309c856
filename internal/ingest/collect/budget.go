package collect

import "sync/atomic"

// budget bounds the bytes that are held at once. What does not fit is refused:
// a queue that only grows helps nobody.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.used.Add(-n) }
