package compile

import "testing"

func TestInjectCTEs(t *testing.T) {
	one := []cte{{name: "__dbt__cte__a", sql: "select 1"}}
	two := append(one, cte{name: "__dbt__cte__b", sql: "select 2"})
	for name, c := range map[string]struct {
		sql  string
		ctes []cte
		want string
	}{
		"none":               {"select 1", nil, "select 1"},
		"plain":              {"\nselect x", one, "\nwith __dbt__cte__a as (\nselect 1\n) select x"},
		"comment, no with":   {"-- hi\nselect x", one, "with __dbt__cte__a as (\nselect 1\n) -- hi\nselect x"},
		"own with":           {"with c as (select 1)", one, "with  __dbt__cte__a as (\nselect 1\n), c as (select 1)"},
		"with after comment": {"/* with */ -- x\nWITH\nc as (1)", one, "/* with */ -- x\nWITH\n __dbt__cte__a as (\nselect 1\n), c as (1)"},
		"recursive":          {"with recursive c as (1)", one, "with recursive  __dbt__cte__a as (\nselect 1\n), c as (1)"},
		"two":                {"select x", two, "with __dbt__cte__a as (\nselect 1\n),  __dbt__cte__b as (\nselect 2\n) select x"},
		"with totals":        {"select a group by a with totals", one, "with __dbt__cte__a as (\nselect 1\n) select a group by a with totals"},
		"a name like it":     {"within", one, "with __dbt__cte__a as (\nselect 1\n) within"},
		"unclosed comment":   {"/* x", one, "with __dbt__cte__a as (\nselect 1\n) /* x"},
	} {
		if got := injectCTEs(c.sql, c.ctes); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func FuzzInjectCTEs(f *testing.F) {
	for _, s := range []string{"", "with", "with x as (select 1) select 1", "/*", "--", "select 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		got := injectCTEs(sql, []cte{{name: "n", sql: "s"}})
		if len(got) <= len(sql) {
			t.Errorf("%q became %q", sql, got)
		}
	})
}
