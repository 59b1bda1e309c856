package forget

import (
	"fmt"
	"testing"
	"time"
)

const notes = "(user_id UUID, t String) ENGINE = MergeTree ORDER BY t"

// TestNothingYet: of whom nothing is here yet the log may have something, which comes in
// under the old id and is gone after by the next run.
func TestNothingYet(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.notes " + notes)
	if p := b.forget(ana); len(p.Open) != 1 || len(p.Found) > 0 {
		t.Errorf("%+v", p)
	}
	b.exec("INSERT INTO $.notes VALUES ('" + ana + "', 'out of the log')")
	if p := b.forget(); len(p.Found) != 1 || !p.Clean() || len(p.Open) != 1 {
		t.Errorf("what has come: %+v", p)
	}
	b.wants("0", "SELECT count() FROM $.notes WHERE user_id = '"+ana+"'")
}

// TestAskedAgain: a request of somebody who is asked for again is open for as long as the
// log has what came until then, also where nothing new is found and where it was over.
func TestAskedAgain(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.notes " + notes)
	for i, day := range []int{0, 5, 14} {
		b.exec(fmt.Sprintf("INSERT INTO $.notes VALUES ('%s', 'day %d')", somebody, day)) // not hers
		began := b.now
		b.now = began.Add(time.Duration(day) * 24 * time.Hour)
		p := b.forget(ana)
		if len(p.Open) != 1 || p.Closed != 0 || p.Open[0].LogUntil.Before(b.now.Add(7*24*time.Hour-time.Second)) {
			t.Errorf("time %d: %+v, at %s", i, p, b.now)
		}
		b.now = began
	}
}

// TestKilledWhileClosing: a run is killed when it has forgotten who became whom, or has
// only noted that a request is open. The next one closes what is of nobody.
func TestKilledWhileClosing(t *testing.T) {
	b := newBench(t)
	b.forget(ana)
	b.exec("ALTER TABLE $.tiendi_forget_ids DELETE WHERE 1")
	if p := b.forget(); len(p.Open) != 1 || p.Closed != 0 {
		t.Errorf("before the week is over: %+v", p)
	}
	b.now = b.now.Add(8 * 24 * time.Hour)
	if p := b.forget(); len(p.Open) != 0 || p.Closed != 1 {
		t.Errorf("%+v", p)
	}
	b.wants("0", "SELECT count() FROM system.tables WHERE database = '"+b.name+"' AND name = 'tiendi_forget_ids'")

	// All are closed, and the table is still there.
	b.forget(ana)
	b.exec("INSERT INTO $.tiendi_forget_requests (request, state) SELECT request, 'closed' FROM $.tiendi_forget_requests")
	b.exec("ALTER TABLE $.tiendi_forget_ids DELETE WHERE 1")
	b.forget()
	b.wants("0", "SELECT count() FROM system.tables WHERE database = '"+b.name+"' AND name = 'tiendi_forget_ids'")
}

// TestRefills: what a killed backfill out of the archive has aside is dropped where
// somebody is in it, and only there.
func TestRefills(t *testing.T) {
	b := newBench(t)
	for table, user := range map[string]string{"_tiendi_archive_a_0": ana, "_tiendi_archive_a_1": somebody} {
		b.exec("CREATE TABLE $." + table + " " + notes)
		b.exec("INSERT INTO $." + table + " VALUES ('" + user + "', 'x')")
	}
	if p := b.forget(ana); len(p.Found) != 1 || !p.Clean() {
		t.Errorf("%+v", p)
	}
	b.wants("_tiendi_archive_a_1", "SELECT groupConcat(name) FROM system.tables WHERE database = '"+b.name+"' AND startsWith(name, '_tiendi_')")
}

// TestAddresses: any number of addresses, in any case of letters, those that are not ASCII
// and bytes that are no letters among them.
func TestAddresses(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.notes " + notes)
	b.exec(`INSERT INTO $.notes VALUES ('` + somebody + `', 'von JOSÉ@example.com'), ('` + somebody + `', '\xff\xfe to P299@Example.com'), ('` + somebody + `', '{"q":"p0\\u0040example.com"}'), ('` + somebody + `', 'p1@example.org')`)
	p, err := b.run(func(o *Options) {
		o.Texts = []string{"José@example.com"}
		for i := range 300 {
			o.Texts = append(o.Texts, fmt.Sprintf("p%d@example.com", i))
		}
	}, ana)
	if err != nil || !p.Clean() || len(p.Found) != 1 || p.Found[0].Count != 3 {
		t.Errorf("%+v, %v", p, err)
	}
	b.wants("p1@example.org", "SELECT groupConcat(t) FROM $.notes WHERE match(t, '(?i)@|u0040')")
}

// TestJSON: what is JSON stays so where an escape stands before an address.
func TestJSON(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.notes (user_id UUID, p JSON, m Map(String, String)) ENGINE = MergeTree ORDER BY user_id")
	b.exec(`INSERT INTO $.notes FORMAT JSONEachRow {"user_id":"` + ana + `","p":{"note":"call:\nana@example.com","n":7},"m":{"a":"to\tana@example.com"}}`)
	if p := b.forget(ana); len(p.Found) != 1 || !p.Clean() {
		t.Errorf("%+v", p)
	}
	b.wants("call:\nxxxxxxxxxxxxxxx 7 to\txxxxxxxxxxxxxxx", "SELECT any(concat(p.note::String, ' ', p.n::String, ' ', m['a'])) FROM $.notes")
}

// TestMasked: rows that a lightweight delete has only masked are found, and are gone from
// the disk, from raw tables and from models.
func TestMasked(t *testing.T) {
	b := newBench(t)
	b.models[[2]string{b.name, "built"}] = Model{Built: true}
	for _, table := range []string{"written", "built"} {
		b.exec("CREATE TABLE $." + table + " " + notes)
		b.exec("INSERT INTO $." + table + " VALUES ('" + ana + "', 'a'), ('" + somebody + "', 'b')")
		b.exec("DELETE FROM $." + table + " WHERE t = 'a'")
	}
	if p := b.forget(ana); len(p.Found) != 2 || !p.Clean() {
		t.Errorf("%+v", p)
	}
	for _, table := range []string{"written", "built"} {
		b.wants("b", "SELECT groupConcat(t) FROM $."+table+" SETTINGS apply_deleted_mask = 0")
	}
}

// TestKilledWhileMoving: a run is killed when the edited row of a table with ids in its key
// is there, and the old one still is.
func TestKilledWhileMoving(t *testing.T) {
	b := newBench(t)
	b.exec("CREATE TABLE $.users_raw (id UUID, city String) ENGINE = MergeTree ORDER BY id")
	for range 2 {
		b.exec("INSERT INTO $.users_raw VALUES ('" + ana + "', 'Lima')")
		if p := b.forget(ana); len(p.Found) != 1 || !p.Clean() {
			t.Errorf("%+v", p)
		}
		b.wants("1", "SELECT count() FROM $.users_raw WHERE city = 'Lima' AND id != '"+ana+"'")
	}
}
