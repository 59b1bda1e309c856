package semantic_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
)

// FuzzLoad reads anything as a file of metrics: it gives a manifest or problems
// with places, and every metric of a manifest compiles or says why not.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"orders.yml", "visits.yml"} {
		text, err := os.ReadFile("testdata/shop/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("metrics: [{name: a, type: derived, type_params: {expr: a, metrics: [a]}}]")
	f.Add("models: [{name: a, semantic_model: {enabled: yes}, columns: [{name: a, entity: primary, dimension: time, granularity: day}], metrics: [{name: m, type: simple, agg: count}]}]")
	f.Add("saved_queries: [{name: q, query_params: {metrics: [], group_by: [\"Dimension('a__b')\"], where: \"{{ Metric('m', ['a']) }} > 1\"}}]")
	f.Fuzz(func(t *testing.T, text string) {
		man, err := load(text)
		if err != nil {
			problems, ok := err.(project.Problems) //nolint:errorlint // it is what Load gives
			if !ok || len(problems) == 0 {
				t.Fatalf("no problems: %v", err)
			}
			for _, p := range problems {
				if p.Place.File != "m.yml" || p.Message == "" {
					t.Fatalf("a problem without a place or a message: %#v", p)
				}
			}
			return
		}
		for _, m := range man.Metrics {
			for _, by := range [][]string{nil, {"metric_time__month"}, {"shop"}} {
				_, _ = man.Compile(semantic.Query{Metrics: []string{m.Name}, GroupBy: by})
			}
			_, _ = man.Offered(m.Name)
		}
		if _, err := man.JSON(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzWhere compiles anything as a condition. What compiles keeps within its
// place: outside of texts and names there is nothing that ends a statement,
// begins a comment or a subquery, or calls what was not asked for.
func FuzzWhere(f *testing.F) {
	man := shop(f, "shop")
	for _, text := range []string{
		"shop__region = 'north'", "{{ Dimension('order__status') }} in ('a', 'b') and not metric_time__day < '2026-01-01'",
		"shop = 'it''s' or shop like '%\\'", "shop = '\\') or 1=1 --'", "((((shop = 's1'))))", "lower(shop) between 'a' and upper('b')",
		"{{ TimeDimension('metric_time', 'week') }} = today() - 7", "{{ Entity('shop') }} is not null", "{{ Metric('orders', group_by=['shop']) }} > - - 1",
		"order__is_large + -1 * 2 % 3 / 4.5 = 0", "shop != /* x */ 's'", "shop = 's1'; drop table orders", "shop in (select 1)", "sleep(3) = shop",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		statement, err := man.Compile(semantic.Query{Metrics: []string{"revenue"}, Where: []string{text}})
		if err != nil {
			return
		}
		outside := withoutTexts(t, statement.SQL)
		for _, bad := range []string{";", "--", "/*", "#", "sleep", "url(", "file(", "remote"} {
			if strings.Contains(strings.ToLower(outside), bad) {
				t.Fatalf("%q comes to %q", text, statement.SQL)
			}
		}
		depth := 0
		for _, c := range outside {
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth < 0 {
				t.Fatalf("%q closes a bracket that is not its own: %q", text, statement.SQL)
			}
		}
		if depth != 0 {
			t.Fatalf("%q leaves a bracket open: %q", text, statement.SQL)
		}
	})
}

// withoutTexts takes texts and quoted names out, as ClickHouse reads them.
func withoutTexts(t *testing.T, sql string) string {
	var b strings.Builder
	for i := 0; i < len(sql); i++ {
		quote := sql[i]
		if quote != '\'' && quote != '`' && quote != '"' {
			b.WriteByte(quote)
			continue
		}
		for i++; ; i++ {
			if i >= len(sql) {
				t.Fatalf("a quote is not closed in %q", sql)
			}
			if sql[i] == '\\' {
				i++
			} else if sql[i] == quote {
				break
			}
		}
	}
	return b.String()
}
