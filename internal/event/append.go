package event

import (
	"time"
	"unicode/utf8"
)

// AppendJSON appends ev as one line's worth of JSON, without the newline. It
// allocates nothing when dst has room. Properties must be a valid JSON object
// without newlines: it is copied as it stands, and "{}" is written for none.
func AppendJSON(dst []byte, ev *BaseEvent) []byte {
	dst = append(dst, `{"event_id":"`...)
	dst = AppendID(dst, ev.EventID)
	dst = append(dst, `","event_type":`...)
	dst = AppendString(dst, string(ev.Type))
	dst = append(dst, `,"timestamp":"`...)
	dst = AppendTime(dst, ev.Timestamp)
	dst = append(dst, `","session_id":"`...)
	dst = AppendID(dst, ev.SessionID)
	if !ev.UserID.IsZero() {
		dst = append(dst, `","user_id":"`...)
		dst = AppendID(dst, ev.UserID)
	}
	dst = append(dst, `","context":`...)
	dst = appendContext(dst, &ev.Context)
	dst = append(dst, `,"properties":`...)
	if len(ev.Properties) == 0 {
		dst = append(dst, "{}"...)
	} else {
		dst = append(dst, ev.Properties...)
	}
	return append(dst, '}')
}

func appendContext(dst []byte, c *Context) []byte {
	start := len(dst)
	dst = appendMember(dst, `,"ip":`, c.IP)
	dst = appendMember(dst, `,"user_agent":`, c.UserAgent)
	dst = appendMember(dst, `,"referrer":`, c.Referrer)
	dst = appendMember(dst, `,"page_url":`, c.PageURL)
	dst = appendMember(dst, `,"device_type":`, string(c.DeviceType))
	dst = appendMember(dst, `,"os":`, c.OS)
	dst = appendMember(dst, `,"browser":`, c.Browser)
	if !c.PageViewID.IsZero() {
		dst = append(dst, `,"page_view_id":"`...)
		dst = AppendID(dst, c.PageViewID)
		dst = append(dst, '"')
	}
	if len(dst) == start {
		return append(dst, "{}"...)
	}
	dst[start] = '{' // the first member's comma
	return append(dst, '}')
}

func appendMember(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, key...)
	return AppendString(dst, value)
}

// AppendString appends s as a JSON string, with its quotes. Bytes that are no
// UTF-8 become U+FFFD, as in encoding/json; <, > and & stay as they are.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size != 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscaped(dst, c)
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscaped(dst []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c >= utf8.RuneSelf:
		return append(dst, `\ufffd`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}

// AppendTime appends t in UTC as RFC 3339 with milliseconds, without quotes:
// 2026-08-25T10:11:12.345Z. The year must lie in 0–9999.
func AppendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, sec := t.Clock()
	milli := t.Nanosecond() / int(time.Millisecond)
	text := [24]byte{
		digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-',
		digit(int(month) / 10), digit(int(month)), '-',
		digit(day / 10), digit(day), 'T',
		digit(hour / 10), digit(hour), ':',
		digit(minute / 10), digit(minute), ':',
		digit(sec / 10), digit(sec), '.',
		digit(milli / 100), digit(milli / 10), digit(milli), 'Z',
	}
	return append(dst, text[:]...)
}

func digit(n int) byte { return byte('0' + n%10) }
