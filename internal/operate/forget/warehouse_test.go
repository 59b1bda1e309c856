package forget

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// bench is a database of its own, and what forgets in it.
type bench struct {
	t      *testing.T
	client *warehouse.Client
	name   string
	now    time.Time
	models map[[2]string]Model
}

func newBench(t *testing.T) *bench {
	t.Helper()
	lease := localtest.Acquire(t)
	client, err := warehouse.Open(t.Context(), lease.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, client: client, name: "forget_" + strings.ReplaceAll(uuid.NewString(), "-", ""), now: time.Now(), models: map[[2]string]Model{}}
	b.exec("CREATE DATABASE " + b.name)
	t.Cleanup(func() {
		_, _ = client.Exec(t.Context(), "DROP DATABASE "+b.name+" SYNC")
		_ = client.Close()
	})
	return b
}

// exec runs a statement; $. stands for the database.
func (b *bench) exec(sql string) {
	b.t.Helper()
	if _, err := b.client.Exec(b.t.Context(), strings.ReplaceAll(sql, "$.", b.name+"."), warehouse.WithSettings(map[string]any{"mutations_sync": 2})); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// value asks for one text.
func (b *bench) value(sql string) (text string) {
	b.t.Helper()
	rows, err := b.client.Query(b.t.Context(), "SELECT toString(("+strings.ReplaceAll(sql, "$.", b.name+".")+"))")
	if err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			b.t.Fatal(err)
		}
	}
	if rows.Err() != nil {
		b.t.Fatalf("%s: %v", sql, rows.Err())
	}
	return text
}

func (b *bench) wants(want, sql string) {
	b.t.Helper()
	if got := b.value(sql); got != want {
		b.t.Errorf("%s is %s, want %s", sql, got, want)
	}
}

func (b *bench) run(change func(*Options), users ...string) (*Proof, error) {
	b.t.Helper()
	o := Options{
		Users: users, Personal: PersonalKeys(), LogKeeps: 7 * 24 * time.Hour, Clock: func() time.Time { return b.now },
		Logger: slog.New(slog.DiscardHandler), Tell: func(string) {},
		Warehouse: &Warehouse{Client: b.client, Database: b.name, Schemas: []string{b.name}, Models: b.models, Dir: b.t.TempDir(), Logger: slog.New(slog.DiscardHandler), Refills: "_tiendi_archive_"},
	}
	if change != nil {
		change(&o)
	}
	return Run(b.t.Context(), o)
}

func (b *bench) forget(users ...string) *Proof {
	b.t.Helper()
	p, err := b.run(nil, users...)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

const events = `(event_id UUID, session_id UUID, user_id UUID, n UInt8) ENGINE = MergeTree ORDER BY event_id SETTINGS non_replicated_deduplication_window = 100`

// TestPlainIDs has ids without hyphens, in capitals too, in texts, arrays and JSON of the
// warehouse.
func TestPlainIDs(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.events_raw " + events)
	b.exec("CREATE TABLE $.notes (n UInt8, note String, tags Array(String), more JSON) ENGINE = MergeTree ORDER BY n")
	b.exec(fmt.Sprintf("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '%s', '%s', 0)", session, ana))
	other := withoutHyphens(somebody)
	for i, id := range []string{anaPlain, strings.ToUpper(anaPlain), withoutHyphens(session), other} {
		b.exec(fmt.Sprintf(`INSERT INTO $.notes VALUES (%d, 'of u%s.', ['a', '%s'], '{"k": "%s"}')`, i, id, id, id))
	}
	if p := b.forget(ana); !p.Clean() || len(p.Found) != 2 {
		t.Errorf("the proof is %+v", p)
	}
	b.wants("1", "SELECT count() FROM $.notes WHERE note = 'of u"+other+".' AND tags[2] = '"+other+"' AND more.k = '"+other+"'")
	b.wants("4", "SELECT countIf(length(note) = 37 AND tags[2] = more.k AND position(note, tags[2]) > 0) FROM $.notes")
	for _, id := range []string{anaPlain, withoutHyphens(session)} {
		b.wants("0", "SELECT count() FROM $.notes WHERE lower(concat(note, toString(tags), toString(more))) LIKE '%"+id+"%'")
	}
	b.wants("1", "SELECT uniqExact(tags[2]) FROM $.notes WHERE n < 2") // however it is written
}

// TestSharedSession: a session that somebody else has events in keeps its id; those that
// are only his do not, nor does an event of his session without a user.
func TestSharedSession(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.events_raw " + events)
	const both = "cccccccc-0000-4000-8000-000000000001"
	zero := uuid.Nil.String()
	for i, row := range [][2]string{{session, ana}, {session, zero}, {both, ana}, {both, somebody}, {zero, ana}} {
		b.exec(fmt.Sprintf("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '%s', '%s', %d)", row[0], row[1], i))
	}
	p := b.forget(ana)
	if !p.Clean() || p.Sessions != 1 || p.Shared != 1 || len(p.Found) != 1 || p.Found[0].Count != 4 {
		t.Errorf("%+v", p)
	}
	b.wants("2", "SELECT count() FROM $.events_raw WHERE session_id = '"+both+"'")
	b.wants("0", "SELECT count() FROM $.events_raw WHERE session_id = '"+session+"' OR user_id = '"+ana+"'")
	b.wants("1", "SELECT uniqExact(session_id) FROM $.events_raw WHERE n IN (0, 1)")
	b.wants("1", "SELECT uniqExact(user_id) FROM $.events_raw WHERE n IN (0, 2, 4)")
	b.wants(somebody, "SELECT any(user_id) FROM $.events_raw WHERE n = 3")
	b.wants(zero, "SELECT any(session_id) FROM $.events_raw WHERE n = 4")
	b.wants("1", "SELECT count() FROM system.tables WHERE database = '"+b.name+"' AND name = 'events_raw' AND position(engine_full, 'old_parts_lifetime') = 0")
}

// TestLate: what comes in while a request is open gets the same pseudonyms. Rows of a
// model that is built by key go where their key is there already, for the next run to
// build, and stay where it is not.
func TestLate(t *testing.T) {
	b := newBench(t)
	b.models[[2]string{b.name, "sessions"}] = Model{Built: true, ByKey: true}
	b.exec("CREATE TABLE $.events_raw " + events)
	b.exec("CREATE TABLE $.sessions (session_id UUID, user_id UUID, n UInt64, referrer_id Nullable(UUID)) ENGINE = MergeTree ORDER BY session_id")
	come := func(session string) {
		b.exec("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '" + session + "', '" + ana + "', 1)")
		b.exec("INSERT INTO $.sessions SELECT session_id, any(user_id), count(), NULL FROM $.events_raw WHERE session_id = '" + session + "' GROUP BY session_id")
	}
	come(session)
	b.forget(ana)
	b.wants("1", "SELECT count() FROM $.sessions")
	pseudonym := b.value("SELECT any(user_id) FROM $.events_raw")
	come(session)
	come("cccccccc-0000-4000-8000-000000000002")
	if p := b.forget(); !p.Clean() || len(p.Found) != 2 || p.Closed != 0 || len(p.Open) != 1 {
		t.Errorf("%+v", p)
	}
	b.wants(pseudonym+" 2 3", "SELECT concat(toString(any(user_id)), ' ', toString(uniqExact(session_id)), ' ', toString(count())) FROM $.events_raw")
	b.wants("1", "SELECT count() FROM $.sessions") // the other's user is there already, too

	// The log has nothing any more after a week.
	if p := b.forget(); len(p.Found) > 0 || p.Closed != 0 {
		t.Errorf("before the week is over: %+v", p)
	}
	b.now = b.now.Add(8 * 24 * time.Hour)
	if p := b.forget(); p.Closed != 1 || len(p.Open) > 0 {
		t.Errorf("after a week: %+v", p)
	}
	b.wants("0", "SELECT count() FROM system.tables WHERE database = '"+b.name+"' AND name = 'tiendi_forget_ids'")
	b.wants("closed", "SELECT argMax(state, at) FROM $.tiendi_forget_requests")
	if p := b.forget(); p.Closed != 0 || len(p.Open) > 0 || len(p.Found) > 0 {
		t.Errorf("nothing is open: %+v", p)
	}
}

// TestFilesGone waits until no file from before is left, and finds the table's settings
// as they were: those of a run that was killed, too.
func TestFilesGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec("CREATE TABLE $.events_raw " + events)
	b.exec("CREATE TABLE $.users_raw (id UUID, city String) ENGINE = MergeTree ORDER BY id")
	b.exec("CREATE TABLE $.killed (n UInt8) ENGINE = MergeTree ORDER BY n SETTINGS " + hastened)
	b.exec("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '" + session + "', '" + ana + "', 1), (generateUUIDv4(), '" + somebody + "', '" + ana + "', 2)")
	b.exec("INSERT INTO $.users_raw VALUES ('" + ana + "', 'Lima')")
	b.exec("DELETE FROM $.events_raw WHERE n = 2")
	p, err := b.run(func(o *Options) { o.Wait = 10 * time.Minute }, ana)
	if err != nil || !p.Clean() || !p.FilesGone {
		t.Fatalf("%+v, %v", p, err)
	}
	b.wants("1,1", "SELECT arrayStringConcat(groupArray(toString(n)), ',') FROM (SELECT sum(rows) AS n FROM system.parts WHERE database = '"+b.name+"' AND table IN ('events_raw', 'users_raw') GROUP BY table)")
	b.wants("0", "SELECT count() FROM system.tables WHERE database = '"+b.name+"' AND position(engine_full, 'cleanup_delay_period') > 0 AND name NOT LIKE 'tiendi_forget%'")
}

// TestWhatCannotBe: what cannot be looked into is said, and what cannot be rewritten is
// an error.
func TestWhatCannotBe(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.states (n UInt8, users AggregateFunction(uniqExact, UUID)) ENGINE = MergeTree ORDER BY n")
	b.exec("CREATE TABLE $.old (n UInt8, user_id UUID) ENGINE = MergeTree ORDER BY n")
	b.exec("INSERT INTO $.old VALUES (1, '" + ana + "')")
	b.exec("ALTER TABLE $.old DETACH PARTITION tuple()")
	p := b.forget(ana)
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, ".states.users") || !strings.Contains(notes, "old has 1 detached part") {
		t.Errorf("notes: %s", notes)
	}
	b.exec("CREATE TABLE $.logged (user_id UUID) ENGINE = Log")
	b.exec("INSERT INTO $.logged VALUES ('" + ana + "')")
	if _, err := b.run(nil, ana); err == nil || !strings.Contains(err.Error(), "engine Log cannot be rewritten") {
		t.Errorf("a table of the engine Log: %v", err)
	}
	p, err := b.run(func(o *Options) { o.DryRun = true }, ana)
	if err != nil || len(p.Found) != 1 || b.value("SELECT count() FROM $.logged WHERE user_id = '"+ana+"'") != "1" {
		t.Errorf("a dry run: %+v, %v", p, err)
	}
}

// TestOneAtATime: a second run is refused while the first is at work.
func TestOneAtATime(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.events_raw " + events)
	b.exec("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '" + session + "', '" + ana + "', 1)")
	began, goOn, ended := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		first := true
		_, err := b.run(func(o *Options) {
			o.Tell = func(string) {
				if first {
					first = false
					close(began)
					<-goOn
				}
			}
		}, ana)
		ended <- err
	}()
	<-began
	if _, err := b.run(nil, somebody); err == nil || !strings.Contains(err.Error(), "another tiendi forget is at work") {
		t.Errorf("two at a time: %v", err)
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	b.wants("0", "SELECT count() FROM $.events_raw WHERE user_id = '"+ana+"'")
}

// A run ends changes that a killed one has left, and none of another database on the
// same server, where somebody else may be forgetting.
func TestChangesOfOthers(t *testing.T) {
	other, b := newBench(t), newBench(t)
	for _, one := range []*bench{other, b} {
		one.exec("CREATE TABLE $.t (x UInt8) ENGINE = MergeTree ORDER BY tuple()")
		one.exec("INSERT INTO $.t VALUES (1)")
		sql := "ALTER TABLE " + one.name + ".t UPDATE x = throwIf(x > 0, 'tiendi_forget_texts') WHERE 1"
		if _, err := one.client.Exec(t.Context(), sql, warehouse.WithSettings(map[string]any{"mutations_sync": 0})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.run(nil, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	b.wants("0", "SELECT count() FROM system.mutations WHERE database = '"+b.name+"' AND NOT is_done")
	other.wants("1", "SELECT count() FROM system.mutations WHERE database = '"+other.name+"' AND NOT is_done")
}

// TestNoStatementHasAnID: a server's log of queries must not know whom to forget.
func TestNoStatementHasAnID(t *testing.T) {
	b := newBench(t)
	b.models[[2]string{b.name, "users"}] = Model{Built: true}
	b.exec("CREATE TABLE $.events_raw " + events)
	b.exec("CREATE TABLE $.users_raw (id UUID, email String, city String) ENGINE = MergeTree ORDER BY id")
	b.exec("CREATE TABLE $.users (id UUID, email String, city String) ENGINE = MergeTree ORDER BY id")
	for _, table := range []string{"users_raw", "users"} {
		b.exec("INSERT INTO $." + table + " VALUES ('" + ana + "', 'Ana.Ruiz@example.com', 'Lima'), ('" + somebody + "', 'b@example.com', 'Quito')")
	}
	b.exec("INSERT INTO $.events_raw VALUES (generateUUIDv4(), '" + session + "', '" + ana + "', 1)")
	watched := &watched{Client: b.client}
	p, err := b.run(func(o *Options) { o.Warehouse.Client, o.Texts = watched, []string{"ana.ruiz@example.com"} }, ana)
	if err != nil || !p.Clean() || len(p.Found) != 3 {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, sql := range watched.statements {
		if someone().Holds([]byte(sql)) {
			t.Errorf("it says whom: %s", sql)
		}
	}
	for _, table := range []string{"users_raw", "users"} {
		b.wants("[('','Lima'),('b@example.com','Quito')]", "SELECT groupArray((email, city)) FROM (SELECT email, city FROM $."+table+" ORDER BY city)")
		b.wants("1", "SELECT count() FROM $."+table+" WHERE id = '"+somebody+"'")
	}
}

// watched keeps all statements.
type watched struct {
	Client
	mu         sync.Mutex
	statements []string
}

func (w *watched) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	w.keep(sql)
	return w.Client.Exec(ctx, sql, opts...)
}

func (w *watched) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	w.keep(sql)
	return w.Client.Query(ctx, sql, opts...)
}

func (w *watched) InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error) {
	w.keep(insert)
	return w.Client.InsertStream(ctx, insert, r, encoding, opts...)
}

func (w *watched) keep(sql string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.statements = append(w.statements, sql)
}
