package materialize

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// reader takes typed values out of a configuration and keeps the first error.
type reader struct {
	values  map[string]any
	notices []string
	err     error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) text(key, otherwise string) string {
	switch v := r.values[key].(type) {
	case nil:
		return otherwise
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (r *reader) boolean(key string, otherwise bool) bool {
	switch v := r.values[key].(type) {
	case nil:
		return otherwise
	case bool:
		return v
	case string:
		if b, err := strconv.ParseBool(strings.ToLower(v)); err == nil {
			return b
		}
	}
	r.fail("%s: %v is not true or false", key, r.values[key])
	return otherwise
}

func (r *reader) integer(key string, otherwise int) int {
	switch v := r.values[key].(type) {
	case nil:
		return otherwise
	case int64:
		return int(v)
	case int:
		return v
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n
		}
	}
	r.fail("%s: %v is not a whole number", key, r.values[key])
	return otherwise
}

// list reads a string or a list of strings; empty values are no value.
func (r *reader) list(key string) []string {
	switch v := r.values[key].(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, fmt.Sprint(item))
		}
		return out
	case []string:
		return v
	default:
		if text := fmt.Sprint(v); text != "" {
			return []string{text}
		}
		return nil
	}
}

func (r *reader) mapping(key string) map[string]any {
	switch v := r.values[key].(type) {
	case nil:
		return nil
	case map[string]any:
		return v
	}
	r.fail("%s: %v is not a mapping", key, r.values[key])
	return nil
}

func (r *reader) mappings(key string) []*reader {
	v := r.values[key]
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		r.fail("%s: give a list of mappings", key)
		return nil
	}
	var out []*reader
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			r.fail("%s: %v is not a mapping", key, item)
			continue
		}
		out = append(out, &reader{values: m})
	}
	return out
}

func (r *reader) require(m *reader, what string, keys ...string) {
	for _, key := range keys {
		if m.text(key, "") == "" {
			r.fail("an entry of %s needs %s", what, key)
		}
	}
}

// settingsClause prints settings as dbt-clickhouse does: strings are quoted
// unless they come with their quotes.
func settingsClause(settings map[string]any) string {
	if len(settings) == 0 {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		parts = append(parts, name+" = "+settingValue(settings[name]))
	}
	return "SETTINGS " + strings.Join(parts, ", ")
}

func settingValue(v any) string {
	switch v := v.(type) {
	case string:
		if strings.HasPrefix(v, "'") {
			return v
		}
		return warehouse.Literal(v)
	case bool:
		if v {
			return "1"
		}
		return "0"
	}
	return fmt.Sprint(v)
}
