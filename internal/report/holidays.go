package report

import (
	"fmt"
	"time"
)

// Holidays are days that are not like others, and are left out of a search.
type Holidays map[string]bool

// ParseHolidays reads the project's var: days as 2026-12-25, or as 12-25 for
// those of every year.
func ParseHolidays(value any) (Holidays, error) {
	list, ok := value.([]any)
	if !ok && value != nil {
		return nil, fmt.Errorf("var holidays: want a list of days, have %v", value)
	}
	holidays := Holidays{}
	for _, item := range list {
		text := fmt.Sprint(item)
		if t, isTime := item.(time.Time); isTime { // YAML reads a bare date as one
			text = t.Format(time.DateOnly)
		}
		_, err := time.Parse(time.DateOnly, text)
		if _, yearly := time.Parse(time.DateOnly, "2000-"+text); err != nil && yearly != nil {
			return nil, fmt.Errorf("var holidays: %q is no day: want 2026-12-25, or 12-25 for every year", text)
		}
		holidays[text] = true
	}
	return holidays, nil
}

// Has says whether a day is one of them.
func (h Holidays) Has(date time.Time) bool {
	return h[date.Format(time.DateOnly)] || h[date.Format("01-02")]
}
