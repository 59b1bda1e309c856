package project

import (
	"encoding/json"
	"fmt"
	"strings"
)

// settled gives the values their types.
func (m *merging) settled() Config {
	c := Config{
		Enabled: true, Materialized: standardMaterialization(m.node.Kind), Values: m.values,
		Tags: asTexts(m.values["tags"]), Meta: asMap(m.values["meta"]), Docs: asMap(m.values["docs"]),
	}
	if on := m.flag("enabled"); on != nil {
		c.Enabled = *on
	}
	c.FullRefresh = m.flag("full_refresh")
	c.Schema, c.Alias, c.Database, c.Group = m.text("schema"), m.text("alias"), m.text("database"), m.text("group")
	c.Materialized = orDefault(m.text("materialized"), c.Materialized)
	c.PreHook, c.PostHook = m.hooks("pre-hook"), m.hooks("post-hook")
	if m.node.Kind == Source {
		if _, err := freshnessOf(m.values); err != nil {
			m.fail("freshness", "%v", err)
		}
	}
	return c
}

// standardMaterialization is what a kind is built as when nothing is said.
func standardMaterialization(kind Kind) string {
	switch kind {
	case Seed:
		return "seed"
	case Test:
		return "test"
	}
	return "view"
}

// flag reads a boolean; text that says true or false counts, as it comes out
// of Jinja.
func (m *merging) flag(key string) *bool {
	switch v := m.values[key].(type) {
	case nil:
		return nil
	case bool:
		return &v
	case string:
		if on := strings.EqualFold(v, "true"); on || strings.EqualFold(v, "false") {
			return &on
		}
	}
	m.fail(key, "must be true or false, not %v", m.values[key])
	return nil
}

// text reads a string; numbers count as written.
func (m *merging) text(key string) string {
	switch v := m.values[key].(type) {
	case nil:
		return ""
	case string:
		return v
	case bool, int64, float64, int:
		return fmt.Sprint(v)
	}
	m.fail(key, "must be text, not %v", m.values[key])
	return ""
}

// hooks reads hooks: SQL, or a mapping of sql and transaction, which may also
// be written as JSON.
func (m *merging) hooks(key string) []Hook {
	var hooks []Hook
	for _, v := range listOf(m.values[key]) {
		h, ok := hookOf(v)
		if !ok {
			m.fail(key, "must be SQL or a mapping with sql:, not %v", v)
			continue
		}
		hooks = append(hooks, h)
	}
	return hooks
}

func hookOf(v any) (Hook, bool) {
	switch v := v.(type) {
	case string:
		var written struct {
			SQL         *string `json:"sql"`
			Transaction *bool   `json:"transaction"`
		}
		if strings.HasPrefix(strings.TrimSpace(v), "{") && json.Unmarshal([]byte(v), &written) == nil && written.SQL != nil {
			return Hook{SQL: *written.SQL, Transaction: written.Transaction == nil || *written.Transaction}, true
		}
		return Hook{SQL: v, Transaction: true}, true
	case map[string]any:
		sql, ok := v["sql"].(string)
		inside, said := v["transaction"].(bool)
		return Hook{SQL: sql, Transaction: inside || !said}, ok
	}
	return Hook{}, false
}
