package worker

import (
	"github.com/tiendi/tiendi/internal/stream/aggregate"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sessionize"
)

// Windows makes an operator of an aggregator.
func Windows(a *aggregate.Aggregator) Operator { return windows{a} }

type windows struct{ *aggregate.Aggregator }

func (w windows) Flush(of Extent, send func(*record.Publication) error) error {
	return w.Aggregator.Flush(of >= Leaving, func(updates []record.Update) error {
		return send(&record.Publication{Updates: updates})
	})
}

func (w windows) Late() uint64 { return w.Stats().LateDays }

// Sessions makes an operator of a sessionizer.
func Sessions(s *sessionize.Sessionizer) Operator { return sessions{s} }

type sessions struct{ *sessionize.Sessionizer }

func (s sessions) Flush(of Extent, send func(*record.Publication) error) error {
	err := s.Sessionizer.Flush(of == All, func(changed []record.Session) error {
		return send(&record.Publication{Sessions: changed})
	})
	if err != nil {
		return err
	}
	return s.FlushLive(func(numbers []record.Live) error {
		return send(&record.Publication{Live: numbers})
	})
}

func (s sessions) Late() uint64 { return s.Stats().TooLate }

func (s sessions) Other() uint64 { return 0 }
