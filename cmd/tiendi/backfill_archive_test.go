package main

import "testing"

// TestWarehouseFromArchive sends events through collector and stream, loses the whole
// warehouse, and has every table back out of the archive: all but what the streams say
// of the present, which is in their log.
func TestWarehouseFromArchive(t *testing.T) {
	t.Parallel()
	s, _ := archivedShop(t)
	url, stop := startCollector(t, s)
	lines := clicks(t)[:6000]
	post(t, url, append(lines, lines[:100]...), 1000) // some of them twice
	stop()
	s.run(t, "stream", "--once")
	s.run(t, "run")
	want := s.archivedTables(t)
	if n := want["events_staging"].rows; n != "5997" { // as many ids as there are
		t.Errorf("%s events are staged, want 5997", n)
	}
	s.exec(t, "DROP DATABASE $db SYNC")
	for range 2 {
		s.run(t, "backfill", "--from", "2019-10-01", "--to", "2019-10-02", "--from-archive")
		sameTables(t, want, s.archivedTables(t))
	}
}
