package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// unknown stands where a value is not known.
const unknown = "–"

// decimal writes a number with so many places, thousands apart.
func (l Language) decimal(v decimal.Decimal, places int32) string {
	text := console.Thousands(v.StringFixed(places))
	if l == Spanish {
		return strings.NewReplacer(",", ".", ".", ",").Replace(text)
	}
	return text
}

func (l Language) count(n int64) string { return l.decimal(decimal.NewFromInt(n), 0) }

// percent writes a share. Spanish keeps the sign apart, by a space that lines do not break at.
func (l Language) percent(v decimal.Decimal) string {
	text := l.decimal(v.Shift(2), 1)
	if l == Spanish {
		return text + "\u00a0%"
	}
	return text + "%"
}

// amount writes a value in its unit.
func (l Language) amount(unit Unit, v decimal.NullDecimal) string {
	if !v.Valid {
		return unknown
	}
	switch unit {
	case Money:
		return l.decimal(v.Decimal, 2)
	case Rate:
		return l.percent(v.Decimal)
	case Seconds:
		return l.decimal(v.Decimal, 1) + " s"
	case Millis:
		return l.decimal(v.Decimal, 0) + " ms"
	}
	return l.decimal(v.Decimal, 0)
}

// change writes how a value stands to an earlier one: "+12.3%", for rates
// "+1.2 pp" (percentage points).
func (l Language) change(unit Unit, now, before decimal.NullDecimal) string {
	c := Change(unit, now, before)
	if !c.Valid {
		return unknown
	}
	text := l.percent(c.Decimal)
	if unit == Rate {
		text = l.decimal(c.Decimal.Shift(2), 1) + " " + l.say("pp")
	}
	if !strings.HasPrefix(text, "-") {
		text = "+" + text
	}
	return text
}

var (
	spanishDays   = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	spanishMonths = []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
)

func (l Language) weekday(d time.Time) string {
	if l == Spanish {
		return spanishDays[d.Weekday()]
	}
	return d.Weekday().String()
}

// longDate is a day with its weekday.
func (l Language) longDate(d time.Time) string {
	if l == Spanish {
		return l.weekday(d) + ", " + l.date(d)
	}
	return d.Format("Monday, ") + l.date(d)
}

func (l Language) date(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%d de %s de %d", d.Day(), spanishMonths[d.Month()-1], d.Year())
	}
	return d.Format("January 2, 2006")
}

// shortDate is a day with its weekday, for lists of days that follow each other.
func (l Language) shortDate(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%s, %d %s", string([]rune(spanishDays[d.Weekday()])[:3]), d.Day(), spanishMonths[d.Month()-1][:3])
	}
	return d.Format("Mon, Jan 2")
}

func (l Language) month(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%s %d", spanishMonths[d.Month()-1][:3], d.Year())
	}
	return d.Format("Jan 2006")
}

// label is a metric's name as people read it, where nothing names it better:
// "API latency p95".
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
	if text == "" {
		return metric
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
