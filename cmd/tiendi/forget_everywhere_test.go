package main

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// TestForgetEverywhere has a user in warehouse, archive, Redis and PostgreSQL, by way of
// collector and streams, with the engine killed on the way. Nothing of him is left in any
// of them, the archive is whole and brings back nothing but what was there, and what
// comes in late is his pseudonym's.
func TestForgetEverywhere(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	postgres, redis := postgrestest.Database(t), cachetest.Start(t)
	env := []string{"TIENDI_POSTGRES_URL=" + postgres, "TIENDI_REDIS_URL=unix://" + redis, "TIENDI_ARCHIVE_URL=file://" + t.TempDir()}
	with := func(args ...string) string {
		t.Helper()
		cmd := s.command(args...)
		cmd.Env = append(cmd.Env, env...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	lines := clicks(t)[:3000]
	user, session := busiestOf(t, lines)
	anonymous := bytes.Replace(lines[0], field(lines[0], "session_id"), []byte(session), 1)
	anonymous = bytes.Replace(anonymous, append([]byte(`"user_id":`), append(append([]byte{'"'}, field(anonymous, "user_id")...), `",`...)...), nil, 1)
	anonymous = bytes.Replace(anonymous, field(anonymous, "event_id"), []byte("5a5a5a5a-0000-4000-8000-00000000000a"), 1)
	refused := []byte(`{"event_type":"page_view","user_id":"` + user + `","properties":{}}`)
	send := func(refused []byte, lines ...[]byte) {
		t.Helper()
		collector := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir())
		collector.Env = append(collector.Environ(), env...)
		url := startServer(t, collector)
		post(t, url, lines, 1000)
		if refused != nil {
			postRefused(t, url, refused)
		}
		terminate(t, collector)
		with("stream", "--once")
	}
	send(refused, append(slices.Clone(lines), anonymous)...)
	with("run")

	want := s.figures(t)
	sessions := s.sessionsOf(t, user)
	texts := append([]string{user}, sessions...)
	before := with("archive", "cat")
	if n := strings.Count(before, user); n < 10 || !strings.Contains(before, `"reason":`) {
		t.Fatalf("the archive has him %d times", n)
	}
	s.killEngine(t, env, "forget", "--user", user, "--wait", "0")
	proof := s.forget(t, env, "--user", user, "--wait", "0")
	if !proof.Clean() || len(proof.Open) != 1 {
		t.Errorf("the proof: %+v", proof)
	}
	noTrace := func() {
		t.Helper()
		if found := s.mentions(t, texts...); len(found) > 0 {
			t.Errorf("the warehouse has him: %s", strings.Join(found, "\n"))
		}
		kept := with("archive", "cat")
		for _, text := range texts {
			if strings.Contains(kept, text) {
				t.Errorf("the archive has %s", text)
			}
		}
		if strings.Count(kept, "\n") < strings.Count(before, "\n") {
			t.Error("the archive has lost lines")
		}
		if out := with("archive", "verify"); !strings.Contains(out, "0 problems") {
			t.Errorf("the archive: %s", out)
		}
		redisSays(t, redis, texts)
		postgresSays(t, postgres, texts)
	}
	noTrace()
	sameTables(t, want, s.figures(t))

	// The streams write again what they wrote last.
	with("stream", "--once")
	noTrace()
	// A phone that was offline, and people who look around, while a worker is at work: his
	// pseudonym has one more event, and no event is lost or doubled.
	late := bytes.Replace(anonymous, []byte("5a5a5a5a-0000-4000-8000-00000000000a"), []byte("5a5a5a5a-0000-4000-8000-00000000000b"), 1)
	late = bytes.Replace(late, []byte(`"context"`), []byte(`"user_id":"`+user+`","context"`), 1)
	worker := s.command("stream", "--listen", "127.0.0.1:0")
	worker.Env = append(worker.Env, env...)
	startServer(t, worker)
	collector := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir())
	collector.Env = append(collector.Environ(), env...)
	url := startServer(t, collector)
	post(t, url, [][]byte{late}, 1)
	eventually(t, "the late event to be there", func() bool { return len(s.mentions(t, user)) > 0 })
	posted := make(chan bool)
	go func() {
		defer close(posted)
		for part := range slices.Chunk(clicks(t)[3000:4000], 50) {
			post(t, url, part, 50)
		}
	}()
	if again := s.forget(t, env, "--pending", "--wait", "0"); len(again.Found) == 0 {
		t.Errorf("what was late: %+v", again)
	}
	<-posted
	terminate(t, collector)
	terminate(t, worker)
	with("stream", "--once")
	if again := s.forget(t, env, "--pending", "--wait", "0"); !again.Clean() {
		t.Errorf("what came meanwhile: %+v", again)
	}
	with("run")
	noTrace()
	for sql, want := range map[string]string{
		"select toString(count()) as n from $db.events_raw":                                                   strconv.Itoa(idsOf(clicks(t)[:4000]) + 2),
		"select toString(uniqExact(event_id)) as n from $db.events_staging":                                   strconv.Itoa(idsOf(clicks(t)[:4000]) + 2),
		"select toString(uniqExact(user_id)) as n from $db.events_raw where event_id in (" + lateIDs + ")":    "2", // one without a user
		"select toString(uniqExact(session_id)) as n from $db.events_raw where event_id in (" + lateIDs + ")": "1",
	} {
		if got := s.value(t, sql); got != want {
			t.Errorf("%s is %s, want %s", sql, got, want)
		}
	}

	// The archive has all of it, and brings back nothing else.
	kept := func() map[string]checksum {
		sums := s.figures(t)
		for _, name := range []string{"daily_metrics_mv", "stream_applied_raw"} { // the one counts what came, the other moves with the log
			delete(sums, name)
		}
		return sums
	}
	want = kept()
	s.exec(t, "alter table $db.events_raw delete where cityHash64(event_id) % 2 = 0 settings mutations_sync = 2")
	with("backfill", "--from", "2019-10-01", "--to", "2019-10-02", "--from-archive")
	sameTables(t, want, kept())
	noTrace()
}

const lateIDs = "toUUID('5a5a5a5a-0000-4000-8000-00000000000a'), toUUID('5a5a5a5a-0000-4000-8000-00000000000b')"

// idsOf is how many events lines are, those sent again left out.
func idsOf(lines [][]byte) int {
	ids := map[string]bool{}
	for _, line := range lines {
		ids[string(field(line, "event_id"))] = true
	}
	return len(ids)
}

// busiestOf is the user with the most events, and one of his sessions.
func busiestOf(t *testing.T, lines [][]byte) (user, session string) {
	t.Helper()
	events, most := map[string]int{}, 0
	for _, line := range lines {
		one := string(field(line, "user_id"))
		if events[one]++; one != "" && events[one] > most {
			most, user, session = events[one], one, string(field(line, "session_id"))
		}
	}
	return user, session
}
