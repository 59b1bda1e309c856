package worker

import (
	"time"

	"github.com/tiendi/tiendi/internal/stream/sink"
)

// trimPause is how often a target is trimmed that wants it.
const trimPause = 5 * time.Minute

// trim removes from the target what it does not keep. Whoever has its first partition
// does so for all of them. Nothing depends on it, so an error only waits for the next
// time.
func (s *applying) trim(now time.Time) {
	target, ok := s.target.(sink.Trimmer)
	if !ok || s.task.Partition != 0 || now.Sub(s.trimmed) < trimPause {
		return
	}
	s.trimmed = now
	if err := target.Trim(s.h.work, now); err != nil {
		s.w.options.Log.Warn("what a sink does not keep could not be removed from it", "task", s.task.String(), "err", err, "again_in", trimPause)
	}
}
