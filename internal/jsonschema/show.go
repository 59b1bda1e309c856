package jsonschema

import (
	"encoding/json"
	"strings"
)

// maxShown bounds what messages show of a value, in bytes.
const maxShown = 80

func clip(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}

// show is a value's JSON, or the beginning of it.
func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "what is no JSON"
	}
	return clip(string(text))
}

// show is for messages that a quiet run drops.
func (r *run) show(value any) string {
	if r.quiet {
		return ""
	}
	return show(value)
}

// other reports a value that is none of a choice.
func (r *run) other(c *choice, value any) bool {
	if r.quiet {
		return false
	}
	texts := make([]string, len(c.values))
	for i, v := range c.values {
		texts[i] = show(v)
	}
	switch len(texts) {
	case 0:
		return r.invalid("the schema lists no value at all")
	case 1:
		return r.invalid("want %s, got %s", texts[0], show(value))
	}
	return r.invalid("want one of %s; got %s", clip(strings.Join(texts, ", ")), show(value))
}
