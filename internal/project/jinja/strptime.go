package jinja

import (
	"strconv"
	"strings"
	"time"
)

// timeParser reads a text by a strptime format.
type timeParser struct {
	rest string
	n    [7]int // year to microsecond
	yday int
	pm   int // 0 unknown, 1 AM, 2 PM
	zone *Zone
}

// strptime is datetime.strptime.
func strptime(text, format string) (Value, error) {
	p := timeParser{rest: text, n: [7]int{1900, 1, 1}}
	mismatch := raise(ValueError, "time data %s does not match format %s", reprStr(text), reprStr(format))
	for i := 0; i < len(format); i++ {
		c := format[i]
		if isSpace(rune(c)) {
			p.rest = strings.TrimLeftFunc(p.rest, isSpace)
			continue
		}
		if c == '%' && i+1 < len(format) {
			i++
			ok, known := p.directive(format[i])
			if !known {
				return nil, raise(ValueError, "'%c' is a bad directive in format %s", format[i], reprStr(format))
			}
			if !ok {
				return nil, mismatch
			}
			continue
		}
		if !strings.HasPrefix(p.rest, string(c)) {
			return nil, mismatch
		}
		p.rest = p.rest[1:]
	}
	if p.rest != "" {
		return nil, raise(ValueError, "unconverted data remains: %s", p.rest)
	}
	p.settle()
	return makeDateTime(p.n[:], p.zone)
}

func (p *timeParser) settle() {
	if p.pm > 0 {
		p.n[3] %= 12
		if p.pm == 2 {
			p.n[3] += 12
		}
	}
	if p.yday > 0 {
		t := time.Date(p.n[0], 1, p.yday, 0, 0, 0, 0, time.UTC)
		p.n[1], p.n[2] = int(t.Month()), t.Day()
	}
}

// fields are numeric directives: where they go and how many digits they have.
var fields = map[byte][2]int{'Y': {0, 4}, 'm': {1, 2}, 'd': {2, 2}, 'H': {3, 2}, 'I': {3, 2}, 'M': {4, 2}, 'S': {5, 2}}

func (p *timeParser) directive(c byte) (ok, known bool) {
	if f, ok := fields[c]; ok {
		n, read := p.number(f[1])
		p.n[f[0]] = n
		return read > 0 && (c != 'Y' || read == 4), true
	}
	switch c {
	case 'y':
		n, read := p.number(2)
		p.n[0] = 1900 + n
		if n < 69 {
			p.n[0] = 2000 + n
		}
		return read > 0, true
	case 'f':
		n, read := p.number(6)
		for i := read; i < 6; i++ {
			n *= 10
		}
		p.n[6] = n
		return read > 0, true
	case 'j':
		n, read := p.number(3)
		p.yday = n
		return read > 0, true
	case 'B', 'b', 'A', 'a', 'p':
		return p.word(c), true
	case 'z':
		return p.offset(), true
	case 'Z':
		for _, name := range []string{"UTC", "GMT"} {
			if strings.HasPrefix(strings.ToUpper(p.rest), name) {
				p.rest = p.rest[3:]
				return true, true
			}
		}
		return false, true
	case '%':
		var had bool
		p.rest, had = strings.CutPrefix(p.rest, "%")
		return had, true
	}
	return false, false
}

func (p *timeParser) number(digits int) (n, read int) {
	for read < digits && read < len(p.rest) && isDigit(p.rest[read]) {
		read++
	}
	n, _ = strconv.Atoi(p.rest[:read])
	p.rest = p.rest[read:]
	return n, read
}

// word reads the name of a month or day, or AM and PM.
func (p *timeParser) word(c byte) bool {
	take := func(name string) bool {
		if len(p.rest) < len(name) || !strings.EqualFold(p.rest[:len(name)], name) {
			return false
		}
		p.rest = p.rest[len(name):]
		return true
	}
	switch c {
	case 'B', 'b':
		for m := time.January; m <= time.December; m++ {
			name := m.String()
			if c == 'b' {
				name = name[:3]
			}
			if take(name) {
				p.n[1] = int(m)
				return true
			}
		}
	case 'A', 'a':
		for d := time.Sunday; d <= time.Saturday; d++ {
			name := d.String()
			if c == 'a' {
				name = name[:3]
			}
			if take(name) {
				return true
			}
		}
	case 'p':
		for i, name := range []string{"AM", "PM"} {
			if take(name) {
				p.pm = i + 1
				return true
			}
		}
	}
	return false
}

func (p *timeParser) offset() bool {
	for _, layout := range []string{"Z07:00", "-0700", "Z0700"} {
		for _, n := range []int{1, 5, 6} {
			if len(p.rest) < n {
				continue
			}
			if t, err := time.Parse(layout, p.rest[:n]); err == nil {
				p.zone, p.rest = fixedZone(t), p.rest[n:]
				return true
			}
		}
	}
	return false
}
