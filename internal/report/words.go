package report

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// label is a metric's name as people read it: "API latency p95".
func label(metric string) string {
	words := strings.Split(metric, "_")
	last := len(words) - 1
	if last > 0 && (words[last] == "s" || words[last] == "ms") {
		words = words[:last]
	}
	for i, word := range words {
		switch word {
		case "gmv", "aov", "api":
			words[i] = strings.ToUpper(word)
		}
	}
	text := strings.Join(words, " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// unknown stands where a value is not known.
const unknown = "–"

// amount writes a value in its unit.
func amount(unit Unit, v decimal.NullDecimal) string {
	if !v.Valid {
		return unknown
	}
	switch unit {
	case Money:
		return console.Thousands(v.Decimal.StringFixed(2))
	case Rate:
		return v.Decimal.Shift(2).StringFixed(1) + "%"
	case Seconds:
		return console.Thousands(v.Decimal.StringFixed(1)) + " s"
	case Millis:
		return console.Thousands(v.Decimal.StringFixed(0)) + " ms"
	}
	return console.Thousands(v.Decimal.StringFixed(0))
}

// change writes how a value stands to an earlier one: "+12.3%", for rates
// "+1.2 pp" (percentage points).
func change(unit Unit, now, before decimal.NullDecimal) string {
	c := Change(unit, now, before)
	if !c.Valid {
		return unknown
	}
	text := c.Decimal.Shift(2).StringFixed(1)
	if !strings.HasPrefix(text, "-") {
		text = "+" + text
	}
	if unit == Rate {
		return text + " pp"
	}
	return text + "%"
}

// sparkline draws values as bars between 0 (or the least, where it is below)
// and the greatest; a day without a value is a blank.
func sparkline(values []decimal.NullDecimal) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	var low, high float64
	for _, v := range values {
		if v.Valid {
			f := v.Decimal.InexactFloat64()
			low, high = min(low, f), max(high, f)
		}
	}
	out := make([]rune, len(values))
	for i, v := range values {
		out[i] = ' '
		if v.Valid {
			level := 0
			if high > low {
				level = int((v.Decimal.InexactFloat64() - low) / (high - low) * float64(len(bars)-1))
			}
			out[i] = bars[level]
		}
	}
	return string(out)
}

// share is part of whole, not known where the whole is 0.
func share(part, whole int64) decimal.NullDecimal {
	if whole == 0 {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(decimal.NewFromInt(part).DivRound(decimal.NewFromInt(whole), 6))
}
