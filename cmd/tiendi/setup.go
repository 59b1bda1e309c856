package main

import "context"

// setUp is the time before a role is at work. To be told to stop meanwhile is no failure:
// whoever told it, a service manager for one, has what it wanted, and whatever was being
// done failed for that reason.
type setUp struct {
	told context.Context // ends when the role is told to stop
	over bool
}

// excuse takes back an error of a role that was told to stop before it was at work.
func (s *setUp) excuse(err *error) {
	if !s.over && s.told.Err() != nil {
		*err = nil
	}
}
