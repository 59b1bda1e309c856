package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/operate/forget"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// withoutPeople are the columns that hold who somebody is, beside the clocks.
var withoutPeople = append([]string{"id", "user_id", "session_id", "properties", "email", "nickname", "row", "row_key", "message", "raw"}, clocks...)

// figures are the checksums of all that stays when people are forgotten, and how many
// users and sessions each table tells apart.
func (s *shop) figures(t *testing.T) map[string]checksum {
	t.Helper()
	sums := s.checksums(t, withoutPeople...)
	for name := range sums {
		if strings.HasPrefix(name, "tiendi_") || name == "load_history" {
			delete(sums, name)
		}
	}
	for _, c := range s.query(t, fmt.Sprintf("select table, name from system.columns where database = '%s' and name in ('user_id', 'session_id') and table not like '%%tiendi_%%'", s.database)) {
		n := s.value(t, "select toString(uniqExact("+c.text("name")+")) as n from $db."+c.text("table"))
		sums[c.text("table")+"."+c.text("name")] = checksum{rows: n}
	}
	return sums
}

// mentions are the columns of all tables that hold a text, by a way that is not tiendi's:
// rows are counted that a lightweight delete has left, too. Open requests know whom they
// are about.
func (s *shop) mentions(t *testing.T, texts ...string) (columns []string) {
	t.Helper()
	needles := make([]string, len(texts))
	for i, text := range texts {
		needles[i] = warehouse.Literal(text)
	}
	byTable := map[string][]string{}
	for _, c := range s.query(t, fmt.Sprintf(`select table, name from system.columns where database = '%s' and type not like 'AggregateFunction%%'
and table in (select name from system.tables where database = '%[1]s' and engine not like '%%View') and table != 'tiendi_forget_ids'`, s.database)) {
		byTable[c.text("table")] = append(byTable[c.text("table")], c.text("name"))
	}
	for table, names := range byTable {
		counts := make([]string, len(names))
		for i, name := range names {
			counts[i] = fmt.Sprintf("toString(countIf(multiSearchAnyCaseInsensitive(toString(`%s`), [%s]))) as n%d", name, strings.Join(needles, ", "), i)
		}
		row := s.query(t, fmt.Sprintf("select %s from $db.`%s` settings apply_deleted_mask = 0", strings.Join(counts, ", "), table))[0]
		for i, name := range names {
			if n := row.text(fmt.Sprint("n", i)); n != "0" {
				columns = append(columns, table+"."+name+": "+n)
			}
		}
	}
	return columns
}

// forget runs the command, wants it to succeed, and gives its proof.
func (s *shop) forget(t *testing.T, env []string, flags ...string) *forget.Proof {
	t.Helper()
	cmd := s.command(append([]string{"forget", "--output", "json"}, flags...)...)
	cmd.Env = append(cmd.Env, env...)
	var diagnostics strings.Builder
	cmd.Stderr = &diagnostics
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("forget %v: %v\n%s%s", flags, err, out, diagnostics.String())
	}
	var p forget.Proof
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return &p
}

// sessionsOf are the sessions of a user's events.
func (s *shop) sessionsOf(t *testing.T, user string) (ids []string) {
	t.Helper()
	for _, r := range s.query(t, "select distinct toString(session_id) as id from $db.events_raw where user_id = toUUID('"+user+"')") {
		ids = append(ids, r.text("id"))
	}
	return ids
}

// busiest is the user with the most orders, of those with events.
func (s *shop) busiest(t *testing.T) string {
	t.Helper()
	return s.value(t, "select toString(user_id) as id from $db.orders_raw where user_id in (select user_id from $db.events_raw) group by user_id order by count() desc, user_id limit 1")
}

// knownShop has some weeks of a marketplace that knows more of one user than it should.
func knownShop(t *testing.T) (s *shop, user string) {
	t.Helper()
	s = newShop(t)
	s.run(t, "generate", "--out", "data", "--from", "2026-03-22", "--to", "2026-04-08", "--stores", "3", "--users", "60", "--probe-interval", "1h", "--history")
	s.run(t, "load", "data")
	user = s.busiest(t)
	his := "user_id = toUUID('" + user + "')"
	for _, sql := range []string{
		// As tiendi cdc does when the shop's tables have more columns.
		"alter table $db.users_raw add column email String default '', add column nickname String default ''",
		"alter table $db.users_raw update email = 'ana.ruiz@example.com', nickname = 'zxanitaq' where id = toUUID('" + user + "') settings mutations_sync = 2",
		`alter table $db.events_raw update properties = concat(substring(properties, 1, length(properties) - 1), if(length(properties) > 2, ',', ''), '"email":"ana.ruiz@example.com","customer_name":"Ana Ruiz"}') where ` + his + " settings mutations_sync = 2",
		"alter table $db.events_raw update page_url = concat(page_url, '?mail=ana.ruiz%40example.com&user=" + user + "') where " + his + " and page_url != '' settings mutations_sync = 2",
		"insert into $db.load_rejects (batch, table_name, file, line, reason, raw, rejected_at) values ('b', 'events', 'f', 1, 'wrong_type', '{\"user_id\":\"" + strings.ToUpper(user) + "\",\"mail\":\"Ana.Ruiz@Example.com\"}', now())",
		// A table of somebody else's, with ids in all kinds of columns.
		"create table $db.notes (k UInt64, who Nullable(UUID), about Map(String, String), people Array(UUID), pair Tuple(a UUID, b UInt8), doc JSON, kind LowCardinality(String)) engine = MergeTree order by k",
		"insert into $db.notes select 1, toUUID('" + user + "'), map('of', '" + user + "'), [toUUID('" + user + "')], (toUUID('" + user + "'), 7), '{\"a\": {\"b\": \"" + user + "\"}}', 'x'",
		"insert into $db.notes select 2, null, map('mail', 'ana.ruiz@example.com'), [], (generateUUIDv4(), 7), '{}', 'y'",
		"insert into $db.notes select 3, toUUID('" + user + "'), map(), [], (generateUUIDv4(), 7), '{}', 'z'",
		"delete from $db.notes where k = 3",
	} {
		s.exec(t, sql)
	}
	s.run(t, "run")
	return s, user
}

// TestForget forgets a user, being killed on the way at random moments with runs of the
// models in between, and wants nothing of him anywhere, and every figure as it was.
func TestForget(t *testing.T) {
	t.Parallel()
	s, user := knownShop(t)
	sessions := s.sessionsOf(t, user)
	want := s.figures(t)
	delete(want, "notes")
	texts := append([]string{user, "ana.ruiz@example.com", "ana.ruiz%40example.com", "Ana Ruiz", "zxanitaq"}, sessions[:3]...)
	if n := len(s.mentions(t, texts...)); n < 20 {
		t.Fatalf("he is in %d columns only", n)
	}
	plan := s.forget(t, nil, "--user", user, "--dry-run")
	if len(plan.Found) < 15 || len(plan.Left) > 0 || plan.Sessions < len(sessions) {
		t.Errorf("the plan: %+v", plan)
	}
	kills := 2 * chaos.Rounds(t, 1)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Log("seed", seed)
	args := []string{"--user", strings.ToUpper(user), "--email", "Ana.Ruiz@example.com", "--wait", "0"}
	for kill := range kills {
		cmd := s.command(append([]string{"forget"}, args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(300+random.IntN(5000))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err == nil {
			t.Logf("kill %d: it had ended", kill+1)
		}
		timer.Stop()
		if kill%2 == 0 {
			s.run(t, "run") // what it builds of half a person has to be put right
		}
	}
	proof := s.forget(t, nil, args...)
	if !proof.Clean() || len(proof.Open) != 1 || proof.Sessions < len(sessions) {
		t.Errorf("the proof: %+v", proof)
	}
	if found := s.mentions(t, texts...); len(found) > 0 {
		t.Errorf("still there: %s", strings.Join(found, "\n"))
	}
	s.run(t, "run")
	got := s.figures(t)
	delete(got, "notes")
	sameTables(t, withoutURLs(want), withoutURLs(got))
	if n := s.value(t, "select toString(sum(k)) || toString(sum(pair.b)) || any(doc.a.b::String = toString(who))::String as n from $db.notes where kind != ''"); !strings.HasPrefix(n, "314") {
		t.Errorf("the notes: %s", n)
	}
	if again := s.forget(t, nil, args...); !again.Clean() || len(again.Found) > 0 {
		t.Errorf("again: %+v", again)
	}
	for _, path := range []string{"target", "home"} {
		noFileSays(t, s.dir+"/"+path, texts...)
	}
	s.nothingTemporary(t)
}

// testForget forgets those who bought and looked most, and holds every KPI against the
// files that they are in still.
func testForget(t *testing.T, s *shop, r *recount) {
	var users []string
	for _, table := range []string{"orders_raw", "events_raw"} {
		for _, row := range s.query(t, "select toString(user_id) as id from $db."+table+" group by user_id order by count() desc, user_id limit 5") {
			users = append(users, "--user", row.text("id"))
		}
	}
	if p := s.forget(t, nil, append(users, "--wait", "0")...); !p.Clean() || len(p.Found) < 10 || len(p.Users) < 9 {
		t.Errorf("the proof: %+v", p)
	}
	checkMetrics(t, s, r)
}

// withoutURLs leaves out what has addresses of pages with a person in them.
func withoutURLs(sums map[string]checksum) map[string]checksum {
	for _, name := range []string{"events_raw", "events_staging", "events"} {
		if sum, ok := sums[name]; ok {
			sums[name] = checksum{rows: sum.rows}
		}
	}
	return sums
}

// noFileSays wants no file below a folder to hold a text.
func noFileSays(t *testing.T, dir string, texts ...string) {
	t.Helper()
	root := os.DirFS(dir)
	var walk func(name string)
	walk = func(name string) {
		f, err := root.Open(name)
		if err != nil {
			return // nothing there, or gone by now
		}
		info, err := f.Stat()
		_ = f.Close()
		if err != nil {
			return
		}
		if info.IsDir() {
			entries, _ := os.ReadDir(dir + "/" + name)
			for _, e := range entries {
				walk(strings.TrimPrefix(name+"/"+e.Name(), "./"))
			}
			return
		}
		content, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			return
		}
		lower := strings.ToLower(string(content))
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(lower, strings.ToLower(text)) }) {
			t.Errorf("%s/%s still says it", dir, name)
		}
	}
	walk(".")
}

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

// field is the text of a member of a line.
func field(line []byte, name string) []byte {
	_, rest, _ := bytes.Cut(line, []byte(`"`+name+`":"`))
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	return text
}

// postRefused sends what is no event, which the collector keeps as rejected.
func postRefused(t *testing.T, url string, line []byte) {
	t.Helper()
	response, err := http.Post(url+"/v1/events", "application/x-ndjson", bytes.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if _ = response.Body.Close(); err != nil || !bytes.Contains(body, []byte(`"accepted":0`)) {
		t.Errorf("an event that is none: %d, %s (%v)", response.StatusCode, body, err)
	}
}

// killEngine kills the engine while a command is at work, which then fails.
func (s *shop) killEngine(t *testing.T, env []string, args ...string) {
	t.Helper()
	cmd := s.command(args...)
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the command to change tables", func() bool {
		rows, err := s.engine.client.QueryJSON(t.Context(), "select count() as n from system.mutations where database = '"+s.database+"' and position(command, 'tiendi_forget') > 0 having n > 2", 0)
		return err == nil && len(rows) > 0
	})
	status, err := local.ReadStatus(t.Context(), s.engine.options)
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range status.Services {
		if service.Name == "engine" {
			err = syscall.Kill(service.PID, syscall.SIGKILL)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != exitUsage || strings.Contains(out.String(), "panic") {
		t.Errorf("the command whose engine was killed ended with %v:\n%s", err, out.String())
	}
	eventually(t, "the engine to be back", func() bool {
		_, err := s.engine.client.Exec(t.Context(), "SELECT 1")
		return err == nil
	})
}

// redisSays wants no key, member or value of Redis to have a text.
func redisSays(t *testing.T, socket string, texts []string) {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: socket})
	defer func() { _ = client.Close() }()
	keys, err := client.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, key := range keys {
		value, err := client.Dump(t.Context(), key).Result()
		members, _ := client.ZRange(t.Context(), key, 0, -1).Result() // an error is of another type of key
		for _, text := range texts {
			if err != nil || strings.Contains(key+value+strings.Join(members, " "), text) {
				t.Errorf("%s has %s (%v)", key, text, err)
			}
		}
	}
}

// postgresSays wants no row of tiendi's tables in PostgreSQL to have a text.
func postgresSays(t *testing.T, url string, texts []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	rows, err := db.Query(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'tiendi' AND table_type = 'BASE TABLE' AND table_name != 'checkpoint_chunks'")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 4 {
		t.Fatalf("%v, %v", tables, err)
	}
	for _, table := range tables {
		for _, text := range texts {
			var n int
			if err := db.QueryRow(ctx, "SELECT count(*) FROM tiendi."+table+" AS t WHERE t::text LIKE '%"+text+"%'").Scan(&n); err != nil || n > 0 {
				t.Errorf("%s has %s %d times (%v)", table, text, n, err)
			}
		}
	}
}
