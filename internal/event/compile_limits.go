package event

import (
	"encoding/json"
	"strconv"
)

// takeLimit takes keywords whose value is a number, and the format.
func (n *node) takeLimit(p pair) bool {
	switch p.key {
	case "minLength":
		return takeCount(&n.minLen, p.value)
	case "maxLength":
		return takeCount(&n.maxLen, p.value)
	case "minItems":
		return takeCount(&n.minItems, p.value)
	case "maxItems":
		return takeCount(&n.maxItems, p.value)
	case "minimum", "exclusiveMinimum":
		return takeBound(&n.lower, p.value, p.key != "minimum")
	case "maximum", "exclusiveMaximum":
		return takeBound(&n.upper, p.value, p.key != "maximum")
	case "format":
		name, _ := p.value.(string)
		n.format = map[string]format{"uuid": formatUUID, "date-time": formatDateTime}[name]
		return n.format != formatNone
	}
	return false
}

func takeCount(into *int, value any) bool {
	text, _ := value.(json.Number)
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 {
		return false
	}
	*into = n
	return true
}

func takeBound(into *[]bound, value any, strict bool) bool {
	text, _ := value.(json.Number)
	if text == "" {
		return false
	}
	d := newDecimal([]byte(text))
	if !d.readable() {
		return false
	}
	b, ok := newBound(string(text), strict)
	*into = append(*into, b)
	return ok
}
