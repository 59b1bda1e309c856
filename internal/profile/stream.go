package profile

import (
	"errors"
	"time"
)

// Stream is how the workers of the stream run.
type Stream struct {
	Listen   string        // host:port of health and metrics, "" for none
	Lateness time.Duration // how long after the latest event others are waited for
}

// standardLateness holds where nothing is said: phones on bad networks are seldom
// later.
const standardLateness = 10 * time.Minute

func (r *reader) settleStream(s *Settings) {
	if s.Stream.Lateness == 0 {
		s.Stream.Lateness = standardLateness
	}
}

// duration takes a time such as 90s, 10m or 1h30m.
func (v value) duration(to *time.Duration) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return errors.New("must be a time such as 90s, 10m or 1h30m")
	}
	*to = d
	return nil
}
