package compile

import (
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// execute is adapter.execute(sql, auto_begin, fetch): a pair of the answer and
// the rows.
func (s *scope) execute(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.execute", "sql", "auto_begin", "fetch", "limit")
	if err != nil {
		return nil, err
	}
	sql := strings.TrimSpace(plainText(a[0]))
	out := &table{}
	if a[2] == jinja.Bool(true) && !isDDL(sql) {
		out, err = s.query(sql)
	} else {
		err = s.exec(sql)
	}
	if err != nil {
		return nil, err
	}
	return jinja.NewTuple(toValue(map[string]any{"_message": "OK", "code": "OK", "rows_affected": int64(len(out.rows))}), out), nil
}

// isDDL says whether a statement gives no rows though rows were asked for.
func isDDL(sql string) bool {
	at := skipComments(sql, 0)
	for _, word := range []string{"alter", "attach", "create", "detach", "drop", "exchange", "grant", "insert", "optimize", "rename", "revoke", "set", "system", "truncate", "use"} {
		if _, ok := keyword(sql, at, word); ok {
			return true
		}
	}
	return false
}

// storeResult keeps a statement's result for load_result.
func (s *scope) storeResult(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "store_result", "name", "response", "agate_table")
	if err != nil {
		return nil, err
	}
	t, ok := a[2].(*table)
	if !ok {
		t = &table{}
	}
	data := jinja.NewList()
	for _, r := range t.rows {
		data.Items = append(data.Items, jinja.NewTuple(r.values...))
	}
	d := jinja.NewDict()
	for _, m := range []struct {
		key string
		v   jinja.Value
	}{{"response", a[1]}, {"data", data}, {"table", t}} {
		if m.v == nil {
			m.v = jinja.None
		}
		_ = d.Set(jinja.Str(m.key), m.v) // text is always hashable
	}
	if s.results == nil {
		s.results = map[string]jinja.Value{}
	}
	s.results[plainText(a[0])] = d
	return jinja.Str(""), nil
}

func (s *scope) storeRawResult(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "store_raw_result", "name", "message", "code", "rows_affected", "agate_table")
	if err != nil {
		return nil, err
	}
	response := toValue(map[string]any{"_message": textOr(a[1], ""), "code": textOr(a[2], ""), "rows_affected": toGo(a[3])})
	return s.storeResult(&jinja.Call{Args: []jinja.Value{a[0], response, a[4]}})
}

// loadResult gives a statement's result once.
func (s *scope) loadResult(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "load_result", "name")
	if err != nil {
		return nil, err
	}
	name := plainText(a[0])
	v, ok := s.results[name]
	switch {
	case !ok && s.executing():
		return jinja.None, nil
	case !ok:
		return &jinja.Undefined{Name: name}, nil
	case v == nil:
		return nil, failure("keep it in a variable with set", "the result of the statement '%s' was already loaded", name)
	}
	if name != "main" {
		s.results[name] = nil
	}
	return v, nil
}

// versionIs compares the server's version with one that a template names.
func (s *scope) versionIs(holds func(int) bool) func(*jinja.Call) (jinja.Value, error) {
	return func(c *jinja.Call) (jinja.Value, error) {
		a, err := arguments(c, "adapter.is_before_version", "version")
		if err != nil {
			return nil, err
		}
		found, err := s.query("select version()")
		if err != nil {
			return nil, err
		}
		return jinja.Bool(holds(compareVersions(plainText(found.rows[0].values[0]), plainText(a[0])))), nil
	}
}

// compareVersions compares dotted numbers as far as both go.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		if err1 != nil || err2 != nil {
			break
		}
		if m != n {
			return m - n
		}
	}
	return 0
}
