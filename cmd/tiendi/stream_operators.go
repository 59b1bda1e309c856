package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/aggregate"
	"github.com/tiendi/tiendi/internal/stream/sessionize"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// keepWindows is how long after its end a window still takes late events: long
// enough for a phone that was offline for a day.
const keepWindows = 48 * time.Hour

// mostWindows is how many windows by minute that still take events the aggregators of
// all workers hold together, and as many by day. They take some 150 bytes each: enough
// for the stores and products of some million events a day, and whoever makes them up
// cannot fill the workers.
const mostWindows = 8_000_000

// wireOperators makes the operators by the project's vars, the same that its SQL
// models go by.
func (s *session) wireOperators(w *streamWiring) error {
	sessions, err := s.sessionRules()
	if err != nil {
		return err
	}
	zone, err := s.zone()
	if err != nil {
		return err
	}
	if _, err := sessionize.New(sessions); err != nil {
		return err
	}
	windows := aggregate.Options{
		Lateness: s.settings.Stream.Lateness, Keep: keepWindows, Location: zone,
		Web:  func(t event.Type) bool { return slices.Contains(sessions.Web, t) },
		Most: mostWindows / s.settings.Broker.Partitions,
	}
	w.options.Windows = func() worker.Operator { return worker.Windows(aggregate.New(windows)) }
	w.options.Session = func() worker.Operator {
		operator, _ := sessionize.New(sessions) // it was tried
		return worker.Sessions(operator)
	}
	return nil
}

// sessionRules are those of the project's vars.
func (s *session) sessionRules() (o sessionize.Options, err error) {
	var problems []error
	types := func(name string) []event.Type {
		list, err := s.listVar(name)
		problems = append(problems, err)
		return list
	}
	long := func(name string, unit time.Duration) time.Duration {
		d, err := s.durationVar(name, unit)
		problems = append(problems, err)
		return d
	}
	o = sessionize.Options{
		Timeout: long("session_timeout_minutes", time.Minute), Longest: long("session_max_hours", time.Hour),
		EngagedFor: long("engaged_session_seconds", time.Second), Lateness: s.settings.Stream.Lateness,
		Web: types("web_event_types"), PageViews: types("page_view_event_types"), FunnelSteps: types("funnel_steps"),
	}
	return o, errors.Join(problems...)
}

// zone is the platform's.
func (s *session) zone() (*time.Location, error) {
	name := s.stringVar("timezone", "UTC")
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("var timezone is %q: give a name such as America/Lima: %w", name, err)
	}
	return zone, nil
}
