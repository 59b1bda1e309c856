package main

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"
)

// TestRetryTakesFlags: a retry compiles what is left with the vars and
// threads of the command that it repeats, of the types that they had.
func TestRetryTakesFlags(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\nvars: {limit: 1, broken: 0}\n")
	s.write(t, "models/m.sql", "select toString({{ var('limit') }}) as given, throwIf({{ var('broken') }}) as t\n")
	s.write(t, "models/n.sql", "{{ config(materialized='table') }}\nselect '{{ var('limit') }}' as given from {{ ref('m') }} where 0 = throwIf({{ var('broken') }})\n")
	if o := s.try(t, "run", "--vars", "{limit: 7, broken: 1}"); o.code != exitFailed {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	s.write(t, "models/n.sql", "{{ config(materialized='table') }}\nselect '{{ var('limit') }}' as given\n")
	s.run(t, "retry")
	if got := s.value(t, "select given from $db.n"); got != "7" {
		t.Errorf("the retry built with limit %s", got)
	}
	s.write(t, "models/n.sql", "{{ config(materialized='table') }}\nselect throwIf(1) as given\n")
	if o := s.try(t, "run", "--vars", "limit: 8"); o.code != exitFailed {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	s.write(t, "models/n.sql", "{{ config(materialized='table') }}\nselect '{{ var('limit') }}' as given\n")
	s.run(t, "retry", "--vars", "limit: 9")
	if got := s.value(t, "select given from $db.n"); got != "9" {
		t.Errorf("a retry with vars of its own built with limit %s", got)
	}
}

// TestRunLog: with --log-format json a run is told in lines of JSON, those of
// failures, skips, notices and the end too.
func TestRunLog(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	s.write(t, "models/a.sql", "{{ config(materialized='table', oder_by='x') }}\nselect 1 as x\n")
	s.write(t, "models/b.sql", "{{ config(materialized='table') }}\nselect throwIf(x) as y from {{ ref('a') }}\n")
	s.write(t, "models/c.sql", "select * from {{ ref('b') }}\n")
	o := s.try(t, "run", "--log-format", "json")
	if o.code != exitFailed {
		t.Errorf("exit code %d", o.code)
	}
	told := map[string]int{}
	for lines := bufio.NewScanner(strings.NewReader(o.stderr)); lines.Scan(); {
		var line struct{ Msg, Status string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Errorf("%v in %s", err, lines.Text())
		}
		told[line.Msg+" "+line.Status]++
	}
	for _, want := range []string{"run started ", "node finished success", "node finished error", "node skipped ", "notice ", "run finished "} {
		if told[want] != 1 {
			t.Errorf("%q is told %d times, not once: %v\n%s", want, told[want], told, o.stderr)
		}
	}
}
