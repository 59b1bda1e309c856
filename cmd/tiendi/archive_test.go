package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
)

// TestArchiveKill has workers killed at random moments while the public click stream
// comes in by a collector: in the end each event that was accepted is in the archive as
// often as it was, and nothing else is.
func TestArchiveKill(t *testing.T) {
	t.Parallel()
	rounds := chaos.Rounds(t, 4)
	s := newStreamShop(t)
	s.write(t, "profiles.yaml", "tiendi: {outputs: {dev: {broker: {partitions: 2}, archive: {url: 'file://"+filepath.Join(t.TempDir(), "archive")+"'}}}}\n")
	url, stop := startCollector(t, s)
	lines := clicks(t)
	killed := 0
	for round := range rounds {
		from, to := round*len(lines)/rounds, (round+1)*len(lines)/rounds
		post(t, url, lines[from:to], 500)
		cmd := s.command("stream", "--once")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait() // it may be killed
			close(ended)
		}()
		select {
		case <-ended:
		case <-time.After(time.Duration(200+rand.IntN(2500)) * time.Millisecond):
			killed++
			_ = cmd.Process.Kill()
			<-ended
		}
	}
	stop()
	t.Logf("%d of %d workers were killed", killed, rounds)
	s.run(t, "stream", "--once")
	s.run(t, "archive", "verify")
	sent, kept := map[string]int{}, map[string]int{}
	count := func(into map[string]int, line []byte) {
		var event struct {
			ID string `json:"event_id"`
		}
		if err := json.Unmarshal(line, &event); err != nil || event.ID == "" {
			t.Fatalf("%s is no event, %v", line, err)
		}
		into[event.ID]++
	}
	for _, line := range lines {
		count(sent, line)
	}
	for line := range bytes.Lines([]byte(s.run(t, "archive", "cat", "--topic", "raw").stdout)) {
		count(kept, line)
	}
	if len(kept) != len(sent) {
		t.Errorf("%d events are kept, %d were sent", len(kept), len(sent))
	}
	for id, n := range sent {
		if kept[id] != n {
			t.Errorf("%s is kept %d times, sent %d times", id, kept[id], n)
		}
	}
}
