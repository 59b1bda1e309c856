package materialize

import (
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

func TestFiltered(t *testing.T) {
	source := project.Relation{Schema: "s", Identifier: "raw"}
	for sql, want := range map[string]string{
		"SELECT * FROM s.raw":                    "SELECT * FROM (SELECT * FROM `s`.`raw` WHERE x) AS `raw`",
		"SELECT * FROM `s`.`raw` WHERE y":        "SELECT * FROM (SELECT * FROM `s`.`raw` WHERE x) AS `raw` WHERE y",
		"SELECT * FROM `s`.`raw` AS r WHERE y":   "SELECT * FROM (SELECT * FROM `s`.`raw` WHERE x) AS r WHERE y",
		"SELECT * FROM s.raw r":                  "SELECT * FROM (SELECT * FROM `s`.`raw` WHERE x) r",
		"SELECT * FROM (SELECT 1 FROM s.raw) q":  "SELECT * FROM (SELECT 1 FROM (SELECT * FROM `s`.`raw` WHERE x) AS `raw`) q",
		"SELECT * FROM s.raw_old JOIN s.raw r":   "SELECT * FROM s.raw_old JOIN (SELECT * FROM `s`.`raw` WHERE x) r",
		"SELECT * FROM s.raw\nARRAY JOIN a AS b": "SELECT * FROM (SELECT * FROM `s`.`raw` WHERE x) AS `raw`\nARRAY JOIN a AS b",
	} {
		if got, err := filtered(sql, source, "x"); err != nil || got != want {
			t.Errorf("%s\ngot  %s (%v)\nwant %s", sql, got, err, want)
		}
	}
	if _, err := filtered("SELECT 1", source, "x"); err == nil {
		t.Error("a query without the source taken")
	}
}

func TestFeeds(t *testing.T) {
	two := "--a:begin\nSELECT 1\n--a:end\nUNION ALL\n-- b:begin\nSELECT 2\n-- b:end"
	got, err := Feeds(target, two)
	if err != nil || len(got) != 2 || got[0].Name.Identifier != "orders_a" || got[0].SQL != "SELECT 1" || got[1].SQL != "SELECT 2" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := Feeds(target, "SELECT 1"); err != nil || len(got) != 1 || got[0].Name.Identifier != "orders_mv" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Feeds(target, "--a:begin\nSELECT 1"); err == nil {
		t.Error("a view without an end taken")
	}
	if to := ExternalTarget("-- materialization_target_table: `s`.`t` \nSELECT 1"); to != "`s`.`t`" {
		t.Error(to)
	}
}
