package forget

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) {
	if code, handled := local.RunHidden(os.Args[1:], os.Stderr); handled {
		os.Exit(code)
	}
	code := m.Run()
	postgrestest.Stop()
	os.Exit(code)
}

// open connects to an empty database.
func open(t *testing.T) (*postgres.DB, string) {
	t.Helper()
	url := postgrestest.Database(t)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, url
}

func execute(t *testing.T, db *postgres.DB, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		err := db.Tx(t.Context(), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// TestLiveSessionsOfPostgreSQL: rows become the pseudonym's, and one that came in again
// takes the place of the one before.
func TestLiveSessionsOfPostgreSQL(t *testing.T) {
	db, _ := open(t)
	s, p := &LiveSessions{DB: db}, someone()
	look := func(want uint64) {
		t.Helper()
		found, _, err := s.Look(t.Context(), p, nil)
		if n := append(found, Found{})[0].Count; err != nil || n != want {
			t.Errorf("%d rows, want %d (%v)", n, want, err)
		}
	}
	look(0) // before the streams have made the table
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	add := func(session, user, entry string, events int) {
		execute(t, db, `INSERT INTO tiendi.live_sessions SELECT (jsonb_populate_record(null::tiendi.live_sessions, jsonb_build_object(
			'session_id', '`+session+`', 'started_at', '2026-01-01T00:00:00Z', 'ended_at', '2026-01-01T00:00:00Z', 'user_id', `+user+`, 'closed', true, 'gone', false,
			'events', `+string(rune('0'+events))+`, 'page_views', 1, 'entry_url', '`+entry+`', 'exit_url', '', 'device_type', '', 'os', '', 'browser', '', 'country', '', 'source', '',
			'store_ids', '{}', 'has_product_view', false, 'has_cart', false, 'has_checkout', false, 'has_purchase', false, 'purchase_after_cart', false,
			'purchase_after_checkout', false, 'bounced', false, 'engaged', false, 'reached_step', 1, 'live_revenue', 0, 'revision', 1))).*`)
	}
	add(session, "'"+ana+"'", "/u/"+ana, 1)
	add(strings.Replace(session, "b7", "b8", 1), "null", "/?e=ANA.ruiz%40example.com", 2)
	add(somebody, "'"+somebody+"'", "/100%_", 3)
	look(2)
	for _, come := range []bool{false, true} {
		if come {
			add(session, "'"+ana+"'", "/", 4)
			look(1)
		}
		if err := s.Forget(t.Context(), p, nil, nil); err != nil {
			t.Fatal(err)
		}
		look(0)
	}
	var rows []string
	err := db.Tx(t.Context(), func(tx pgx.Tx) error {
		got, err := tx.Query(t.Context(), "SELECT concat_ws(' ', session_id, user_id, entry_url, events) FROM tiendi.live_sessions ORDER BY 1")
		if err == nil {
			rows, err = pgx.CollectRows(got, pgx.RowTo[string])
		}
		return err
	})
	want := []string{
		somebody + " " + somebody + " /100%_ 3", sessionNew + " " + anaNew + " / 4",
		strings.Replace(session, "b7", "b8", 1) + " /?e=xxxxxxxxxxxxxxxxxxxxxx 2",
	}
	if err != nil || !slices.Equal(rows, want) {
		t.Errorf("%q, want %q (%v)", rows, want, err)
	}
}

// TestSource finds people in the shop's own tables, whatever the columns are called, and
// is not misled by tables that are not there.
func TestSource(t *testing.T) {
	db, url := open(t)
	execute(t, db, "CREATE TABLE users (id uuid PRIMARY KEY, email text, n int)", "CREATE SCHEMA other", `CREATE TABLE other."odd ""name" ("the user" varchar(40))`,
		"INSERT INTO users VALUES ('"+ana+"', null, 1), ('"+somebody+"', 'Ana.Ruiz@EXAMPLE.com', 2), ('"+session+"', 'b@example.com', 3)",
		`INSERT INTO other."odd ""name" VALUES ('`+strings.ToUpper(ana)+`')`, "CREATE TABLE counts (n int)")
	s := &Source{URL: url, Tables: []string{"users", `other.odd "name`, "counts", "nowhere"}}
	found, err := s.Look(t.Context(), someone())
	if err != nil || len(found) != 2 || found[0].Count != 2 || found[1].Count != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	s.Tables = []string{"counts"}
	if found, err := s.Look(t.Context(), someone()); len(found) > 0 || err != nil {
		t.Errorf("%+v, %v", found, err)
	}
	s.URL = "postgres://me:hunter2@127.0.0.1:1/shop"
	if _, err := s.Look(t.Context(), someone()); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("no server: %v", err)
	}
}
