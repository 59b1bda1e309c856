package project

import (
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Scalars follow YAML 1.1 as PyYAML's safe loader reads it, since that is
// what dbt projects are written against: yes, no, on and off are booleans,
// 010 is eight, 1:30 is ninety. Dates stay text in their ISO form.
var (
	intPattern   = lazyregexp.New(`^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$`)
	floatPattern = lazyregexp.New(`^([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?)$`)
	sixtyPattern = lazyregexp.New(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)
)

// scalar gives the value of a scalar node: nil, bool, int64, float64 or
// string. Whole numbers beyond int64 stay text, so that no digit is lost.
func scalar(n *yaml.Node) any {
	if n.Tag == "!!str" && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return n.Value
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Tag == "!!str" {
		return n.Value
	}
	return plainScalar(n.Value)
}

func plainScalar(s string) any {
	if s == "" {
		return nil
	}
	switch s[0] {
	case '~', 'n', 'N', 't', 'T', 'f', 'F', 'y', 'Y', 'o', 'O':
		if v, ok := wordScalar(s); ok {
			return v
		}
		return s
	}
	if c := s[0]; (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' {
		return s
	}
	return numberScalar(s)
}

func wordScalar(s string) (any, bool) {
	switch s {
	case "~", "null", "Null", "NULL":
		return nil, true
	case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return nil, false
}

func numberScalar(s string) any {
	switch {
	case intPattern().MatchString(s):
		text := strings.ReplaceAll(s, "_", "")
		if v, err := strconv.ParseInt(text, 0, 64); err == nil {
			return v
		}
		return s
	case floatPattern().MatchString(s):
		if v, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64); err == nil {
			return v
		}
		return s
	case sixtyPattern().MatchString(s):
		return sixty(strings.ReplaceAll(s, "_", ""))
	}
	return specialFloat(s)
}

func specialFloat(s string) any {
	switch s {
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		return math.Inf(1)
	case "-.inf", "-.Inf", "-.INF":
		return math.Inf(-1)
	case ".nan", ".NaN", ".NAN":
		return math.NaN()
	}
	return s
}

// sixty reads numbers to base sixty: 1:30 is 90.
func sixty(s string) any {
	sign := 1.0
	text := strings.TrimLeft(s, "+-")
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	total, whole := 0.0, true
	for _, part := range strings.Split(text, ":") {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return s
		}
		whole = whole && !strings.Contains(part, ".")
		total = total*60 + v
	}
	if whole && total < 1<<53 {
		return int64(sign * total)
	}
	return sign * total
}
