package collect

import (
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Filter chooses among rejected events. What is zero chooses all.
type Filter struct {
	Reason event.Reason
	Source string
	Type   string    // as the sender calls it, or as the event_type that this becomes
	Since  time.Time // when it was received
	IDs    []string  // or beginnings of ids
}

// Match says whether the filter chooses it.
func (f *Filter) Match(r *Reject) bool {
	switch {
	case f.Reason != "" && r.Reason != f.Reason,
		f.Source != "" && r.Source != f.Source,
		r.Received.Before(f.Since):
		return false
	}
	if len(f.IDs) > 0 {
		id := r.ID.String()
		if !slices.ContainsFunc(f.IDs, func(begin string) bool { return strings.HasPrefix(id, begin) }) {
			return false
		}
	}
	if f.Type == "" {
		return true
	}
	typ := r.Type()
	return typ == f.Type || r.Path != pathEvents && string(eventType(typ)) == f.Type
}
