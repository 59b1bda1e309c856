package main

import (
	"bytes"
	"testing"
)

// TestForgetByArchive forgets somebody in the archive by a target whose warehouse is empty,
// as is done before a cluster is built again, and has the rows come back as nobody's.
func TestForgetByArchive(t *testing.T) {
	t.Parallel()
	s, _ := archivedShop(t)
	url, stop := startCollector(t, s)
	lines := clicks(t)[:1500]
	post(t, url, lines, 500)
	stop()
	s.run(t, "stream", "--once")
	user, session := busiestOf(t, lines)
	empty := s.database + "_empty"
	t.Cleanup(func() { s.engine.drop(t, empty) })
	proof := s.forget(t, []string{"TIENDI_WAREHOUSE_DATABASE=" + empty}, "--user", user, "--wait", "0")
	if !proof.Clean() || len(proof.Found) == 0 || proof.Sessions == 0 {
		t.Errorf("the proof: %+v", proof)
	}
	kept := []byte(s.run(t, "archive", "cat", "--topic", "raw").stdout)
	if n := bytes.Count(kept, []byte("\n")); n != len(lines) || bytes.Contains(kept, []byte(user)) || bytes.Contains(kept, []byte(session)) {
		t.Errorf("the archive has %d lines of %d, or him", n, len(lines))
	}
	s.run(t, "archive", "verify")
	want := s.value(t, "select concat(toString(count()), ' ', toString(uniqExact(user_id)), ' ', toString(uniqExact(session_id))) as n from $db.events_raw")
	s.exec(t, "DROP DATABASE $db SYNC")
	s.run(t, "backfill", "--from", "2019-10-01", "--to", "2019-10-02", "--from-archive", "-s", "events_staging")
	if got := s.value(t, "select concat(toString(count()), ' ', toString(uniqExact(user_id)), ' ', toString(uniqExact(session_id))) as n from $db.events_raw"); got != want {
		t.Errorf("events, users and sessions are %s, want %s", got, want)
	}
	if there := s.mentions(t, user, session); len(there) > 0 {
		t.Errorf("he is in %v", there)
	}
}
