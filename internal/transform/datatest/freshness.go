package datatest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// Fresh is how old a source's newest data are.
type Fresh struct {
	MaxLoadedAt   time.Time // UTC; the epoch when the source is empty
	SnapshottedAt time.Time // the server's clock
	Status        string    // pass, warn or error
}

// Age is the time between the newest data and the check.
func (f Fresh) Age() time.Duration { return f.SnapshottedAt.Sub(f.MaxLoadedAt) }

// FreshnessSQL asks for the newest load and the server's time, both as
// microseconds since 1970. filter is the freshness block's, rendered; "" for
// none.
func FreshnessSQL(n *project.Node, relation, filter string) (string, error) {
	s := n.Source
	newest := "max(" + s.LoadedAt + ")"
	from := " FROM " + relation
	switch {
	case s.LoadedAtQuery != "":
		newest, from = "(\n"+s.LoadedAtQuery+"\n)", ""
	case s.LoadedAt == "":
		return "", fmt.Errorf("%s: freshness of %s needs loaded_at_field or loaded_at_query", n.Place, n.Name)
	}
	if filter != "" && from != "" {
		from += " WHERE " + filter
	}
	return fmt.Sprintf("SELECT toUnixTimestamp64Micro(toDateTime64(ifNull(%s, toDateTime64(0, 6)), 6)) AS max_loaded_at, toUnixTimestamp64Micro(now64(6)) AS snapshotted_at%s", newest, from), nil
}

// CheckFreshness asks and judges.
func CheckFreshness(ctx context.Context, w Warehouse, n *project.Node, sql string) (Fresh, error) {
	row, err := one(ctx, w, sql)
	if err != nil {
		return Fresh{}, err
	}
	var micros [2]int64
	for i := range micros {
		if micros[i], err = whole(row[i]); err != nil {
			return Fresh{}, err
		}
	}
	f := Fresh{MaxLoadedAt: time.UnixMicro(micros[0]).UTC(), SnapshottedAt: time.UnixMicro(micros[1]).UTC(), Status: "pass"}
	limits := n.Source.Freshness
	for _, check := range []struct {
		status string
		after  project.Threshold
	}{{"warn", limits.WarnAfter}, {"error", limits.ErrorAfter}} {
		limit, err := duration(check.after)
		if err != nil {
			return Fresh{}, fmt.Errorf("%s: %s_after: %w", n.Place, check.status, err)
		}
		if limit > 0 && f.Age() > limit {
			f.Status = check.status
		}
	}
	return f, nil
}

// Checked says whether a source has a freshness limit.
func Checked(n *project.Node) bool {
	if n.Source == nil || n.Source.Freshness == nil {
		return false
	}
	return n.Source.Freshness.WarnAfter.Count > 0 || n.Source.Freshness.ErrorAfter.Count > 0
}

func duration(t project.Threshold) (time.Duration, error) {
	unit, ok := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "": 0}[t.Period]
	if !ok {
		return 0, fmt.Errorf("period %q: use minute, hour or day", t.Period)
	}
	if t.Count < 0 {
		return 0, errors.New("count is negative")
	}
	return time.Duration(t.Count) * unit, nil
}
