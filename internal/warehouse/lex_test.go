package warehouse

import (
	"strings"
	"testing"
)

func TestTrimStatement(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                      "SELECT 1",
		"SELECT 1;":                     "SELECT 1",
		"SELECT 1 ; -- done":            "SELECT 1",
		"SELECT 1;; /* x */ ;":          "SELECT 1",
		"SELECT ';' AS a;":              "SELECT ';' AS a",
		"SELECT 1 -- ; no":              "SELECT 1 -- ; no",
		"SELECT 1; SELECT 2;":           "SELECT 1; SELECT 2",
		"SELECT 'it''s;', \"a;b\", `;`": "SELECT 'it''s;', \"a;b\", `;`",
		`SELECT '\';';`:                 `SELECT '\';'`,
		"SELECT 1 # c;\n;":              "SELECT 1",
		"SELECT 'open;":                 "SELECT 'open;",
		"/* open ;":                     "/* open ;",
		"":                              "",
		";":                             "",
	} {
		if got := trimStatement(in); got != want {
			t.Errorf("trimStatement(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIsSelect(t *testing.T) {
	for in, want := range map[string]bool{
		"SELECT 1": true, "with x as (select 1) select * from x": true, " ( (select 1) )": true,
		"-- select\nSHOW TABLES": false, "/* x */ select": true, "DESCRIBE t": false,
		"EXPLAIN SELECT 1": false, "selected": false, "": false, "FROM t SELECT 1": true,
	} {
		if got := isSelect(in); got != want {
			t.Errorf("isSelect(%q) = %v, want %v", in, got, want)
		}
	}
}

func FuzzTrimStatement(f *testing.F) {
	for _, seed := range []string{"SELECT 1;", "'\\", "`a``b`;", "/*;*/", "--;\n;", "\"", "é;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		got := trimStatement(sql)
		if !strings.HasPrefix(sql, got) {
			t.Errorf("%q is not the beginning of %q", got, sql)
		}
		if again := trimStatement(got); again != got {
			t.Errorf("trimmed again %q becomes %q", got, again)
		}
		isSelect(sql)
	})
}

func FuzzQuoting(f *testing.F) {
	for _, seed := range []string{"", "it's", `\`, "`", "a\x00b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, q := range []string{Literal(s), Ident(s)} {
			if n, code := token(q, 0); n != len(q) || !code {
				t.Errorf("%q is not one token", q)
			}
		}
	})
}
