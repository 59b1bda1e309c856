package jinja

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func (d *Date) strftime(format string) (string, error) { return strftime(d.t, nil, format) }

func (d *DateTime) strftime(format string) (string, error) { return strftime(d.wall, d.zone, format) }

func (c *Clock) strftime(format string) (string, error) {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	return strftime(day.Add(time.Duration(c.micros)*time.Microsecond), c.zone, format)
}

// goLayouts are the directives that Go's own formatting has.
var goLayouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'B': "January", 'b': "Jan",
	'h': "Jan", 'A': "Monday", 'a': "Mon", 'p': "PM", 'I': "03", 'j': "002", 'e': "_2", 'c': "Mon Jan _2 15:04:05 2006",
	'x': "01/02/06", 'D': "01/02/06", 'X': "15:04:05", 'T': "15:04:05", 'F': "2006-01-02", 'R': "15:04", 'r': "03:04:05 PM",
}

// strftime formats as Python with glibc does.
func strftime(t time.Time, zone *Zone, format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		c := format[i]
		trim := c == '-' && i+1 < len(format)
		if trim {
			i++
			c = format[i]
		}
		s, ok := directive(t, zone, c)
		switch {
		case !ok && trim:
			s = "%-" + string(c)
		case !ok:
			s = "%" + string(c)
		case trim && len(s) > 1:
			s = strings.TrimLeft(s[:len(s)-1], "0 ") + s[len(s)-1:]
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func directive(t time.Time, zone *Zone, c byte) (string, bool) {
	if layout, ok := goLayouts[c]; ok {
		return t.Format(layout), true
	}
	week := func(first time.Weekday) string {
		return fmt.Sprintf("%02d", (t.YearDay()+6-int(t.Weekday()-first+7)%7)/7)
	}
	isoYear, isoWeek := t.ISOWeek()
	switch c {
	case 'f':
		return fmt.Sprintf("%06d", t.Nanosecond()/1000), true
	case 'w':
		return strconv.Itoa(int(t.Weekday())), true
	case 'u':
		return strconv.Itoa(int((t.Weekday()+6)%7) + 1), true
	case 'U':
		return week(time.Sunday), true
	case 'W':
		return week(time.Monday), true
	case 'G':
		return strconv.Itoa(isoYear), true
	case 'V':
		return fmt.Sprintf("%02d", isoWeek), true
	case 'C':
		return fmt.Sprintf("%02d", t.Year()/100), true
	case 'k':
		return fmt.Sprintf("%2d", t.Hour()), true
	case 'l':
		return fmt.Sprintf("%2d", (t.Hour()+11)%12+1), true
	case 'P':
		return strings.ToLower(t.Format("PM")), true
	case 's':
		return strconv.FormatInt(t.Unix(), 10), true
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case '%':
		return "%", true
	case 'z', 'Z':
		return zoneDirective(zone, c), true
	}
	return "", false
}

func zoneDirective(zone *Zone, c byte) string {
	switch {
	case zone == nil:
		return ""
	case c == 'z':
		return offsetText(zone.offset, "")
	}
	return zone.abbr
}
