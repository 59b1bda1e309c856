package main

import (
	"context"
	"time"

	"github.com/tiendi/tiendi/internal/report"
)

// searchAnomalies searches a day, zero for the last complete one. Who asks for the same day
// again gets what was found: all readers' reports come from one search.
func (s *session) searchAnomalies(ctx context.Context, date time.Time) (*report.Search, error) {
	if s.found != nil && date.AddDate(0, 0, 1).Equal(s.found.End) {
		return s.found, nil
	}
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	o := report.SearchOptions{Schema: s.settings.Warehouse.Database, Date: date}
	if o.Zone, err = s.zone(); err != nil {
		return nil, err
	}
	if o.Today, err = s.today(); err != nil {
		return nil, err
	}
	if o.Holidays, err = s.holidays(); err != nil {
		return nil, err
	}
	found, err := report.SearchAnomalies(ctx, client, o)
	if err == nil {
		s.found = found
	}
	return found, err
}

// holidays are the days that the project leaves out of the search.
func (s *session) holidays() (report.Holidays, error) {
	days, _ := s.anyVar("holidays")
	return report.ParseHolidays(days)
}
