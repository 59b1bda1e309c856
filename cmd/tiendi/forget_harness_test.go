package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/operate/forget"
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
