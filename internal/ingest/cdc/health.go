package cdc

import (
	"time"

	"github.com/jackc/pglogrepl"
)

func (s *Source) snapshotting(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taking = on
}

// ready sets what Ready says.
func (s *Source) ready(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem = err
	if err == nil {
		delete(s.warned, "source")
	}
}

// Ready is nil while changes are read; otherwise it says what is waited for.
func (s *Source) Ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}

// warnEvery is how often the same kind of trouble is told of.
const warnEvery = 30 * time.Second

// warn says what is wrong, now and then.
func (s *Source) warn(kind string, err error) {
	s.mu.Lock()
	now := s.Clock()
	said := now.Sub(s.warned[kind]) < warnEvery
	if !said {
		s.warned[kind] = now
	}
	s.mu.Unlock()
	if !said {
		s.Log.Warn(err.Error())
	}
}

// Totals are the rows of snapshots and the changes read since the start.
func (s *Source) Totals() (rows, changes int64) { return s.rows.Load(), s.changed.Load() }

func (s *Source) progress(confirmed, walEnd pglogrepl.LSN, caught time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place = place{confirmed, walEnd, caught}
}
