package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// apiAnswer is what /v1/query gives.
type apiAnswer struct {
	Columns []struct{ Name string }
	Rows    [][]any
	Detail  string
}

// testAPI holds each metric that the API gives, to administrators and to a vendor, against
// what `tiendi query` prints.
func testAPI(t *testing.T, s *shop) {
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	address := startServer(t, cmd)
	defer terminate(t, cmd)
	vendor := s.value(t, "select store_id from $db.order_facts where is_placed group by store_id order by count() desc, store_id limit 1")
	// Without a start, one metric's answer may begin earlier than that of all.
	start := s.value(t, "select toString(min(date)) from $db.dim_time")
	var catalogue []struct{ Metric string }
	if err := json.Unmarshal([]byte(s.run(t, "list", "metrics", "--output", "json").stdout), &catalogue); err != nil {
		t.Fatal(err)
	}
	for who, args := range map[string][]string{"platform": nil, "vendor": {"--stores", vendor}} {
		token := strings.TrimSpace(s.run(t, append([]string{"token"}, args...)...).stdout)
		cli := func(metrics string) outcome {
			return s.try(t, append([]string{"query", "--metrics", metrics, "--group-by", "metric_time__month", "--start-time", start, "-o", "json"}, args...)...)
		}
		answers := map[string]apiAnswer{}
		for _, m := range catalogue {
			var answer apiAnswer
			status := getAPI(t, token, address+"/v1/query?metrics="+url.QueryEscape(m.Metric)+"&group_by=metric_time__month&start="+start, &answer)
			if status == http.StatusOK {
				answers[m.Metric] = answer
			} else if o := cli(m.Metric); o.code == exitOK || !strings.Contains(o.stderr, "error: "+answer.Detail) {
				t.Errorf("%s, %s: the API answers %d (%s), and tiendi query exits %d: %s", who, m.Metric, status, answer.Detail, o.code, o.stderr)
			}
		}
		t.Logf("%s: %d of %d metrics", who, len(answers), len(catalogue))
		if len(answers) < len(catalogue)/2 {
			t.Errorf("%s: only %d of %d metrics are answered", who, len(answers), len(catalogue))
		}
		sameAnswers(t, who, answers, cli(strings.Join(slices.Sorted(maps.Keys(answers)), ",")))
	}
	sameSuggestions(t, s, address)
}

// getAPI reads an answer of JSON and gives its status.
func getAPI(t *testing.T, token, url string, answer any) (status int) {
	t.Helper()
	status, text := fetchAPI(t, token, url)
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(answer); err != nil {
		t.Fatalf("%s: %v: %s", url, err, text)
	}
	return status
}

func fetchAPI(t *testing.T, token, url string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// sameSuggestions compares what a page gets with what the terminal shows.
func sameSuggestions(t *testing.T, s *shop, address string) {
	t.Helper()
	vendor := s.value(t, "select store_id from $db.product_popularity where scope = 'store' group by store_id order by count() desc, store_id limit 1")
	seen := s.value(t, "select product_id from $db.product_affinity where scope = 'platform' group by product_id order by count() desc, product_id limit 1")
	for _, c := range []struct{ token, show []string }{
		{[]string{"--scopes", "recommendations,platform"}, nil},
		{[]string{"--scopes", "recommendations", "--stores", vendor}, []string{"--store", vendor}},
	} {
		token := strings.TrimSpace(s.run(t, append([]string{"token"}, c.token...)...).stdout)
		type product struct {
			ID     string `json:"product_id"`
			Reason string
		}
		var got struct{ Suggestions []product }
		var want []product
		status := getAPI(t, token, address+"/v1/recommendations?limit=7&product="+seen, &got)
		show := s.run(t, append([]string{"recommend", "show", "--product", seen, "--limit", "7", "--output", "json"}, c.show...)...)
		if err := json.Unmarshal([]byte(show.stdout), &want); err != nil || status != http.StatusOK || len(want) == 0 || !slices.Equal(got.Suggestions, want) {
			t.Errorf("%v: %d %v, and recommend show prints %v (%v)", c.token, status, got, want, err)
		}
	}
}

// sameAnswers compares each metric's rows with those that one query for all of them has.
func sameAnswers(t *testing.T, who string, answers map[string]apiAnswer, o outcome) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(o.stdout))
	d.UseNumber()
	var printed []map[string]any
	if err := d.Decode(&printed); err != nil {
		t.Fatalf("%s: %v: %s", who, err, o.stderr)
	}
	months := map[string]map[string]any{}
	for _, row := range printed {
		months[fmt.Sprint(row["metric_time__month"])] = row
	}
	for metric, answer := range answers {
		for _, row := range answer.Rows {
			month := fmt.Sprint(row[0])
			if a, b := plainNumber(row[1]), plainNumber(months[month][metric]); a != b {
				t.Errorf("%s, %s, %s: %s by the API, %s by tiendi query", who, metric, month, a, b)
			}
		}
	}
}

// plainNumber is a value without what only its spelling has.
func plainNumber(v any) string {
	text := fmt.Sprint(v)
	if d, err := decimal.NewFromString(text); err == nil {
		return d.String()
	}
	return text
}
