package forget

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// PersonalKeys are names under which events and tables hold who somebody is, in lower
// case. A project's var personal_properties is used in their place.
func PersonalKeys() []string {
	return strings.Fields(`email e_mail mail correo phone phone_number mobile telefono teléfono celular
		name first_name last_name full_name user_name username customer_name nombre apellido apellidos
		address street shipping_address billing_address direccion dirección postal_code zip
		birthday birth_date date_of_birth dni curp rfc tax_id passport document_number card_number iban`)
}

// blot writes over a text what says nothing: of the same length, since what is around it
// may count its bytes.
func blot(text []byte) {
	for i := range text {
		text[i] = 'x'
	}
}

// mark is a quotation mark: that of JSON, or that of JSON within a JSON string.
type mark string

const (
	quote  mark = `"`
	nested mark = `\"`
)

// blotMembers blots out the values of personal members in what is JSON, or looks like it
// in parts, and in the JSON that its strings hold.
func (p *People) blotMembers(text []byte, q mark) {
	for at := 0; at < len(text); {
		start := bytes.Index(text[at:], []byte(q))
		if start < 0 {
			return
		}
		start += at + len(q)
		end := q.end(text, start)
		if end < 0 {
			return
		}
		at = end + len(q)
		value, isKey := memberValue(text, at)
		switch {
		case isKey && p.personal[strings.ToLower(string(text[start:end]))]:
			at = blotValue(text, value, q)
		case !isKey && q == quote:
			p.blotMembers(text[start:end], nested)
		}
	}
}

// end is where the closing mark of a string is, -1 for none.
func (q mark) end(text []byte, from int) int {
	for i := from; i < len(text); i++ {
		if text[i] == q[0] && bytes.HasPrefix(text[i:], []byte(q)) {
			return i
		}
		if text[i] != '\\' {
			continue
		}
		if i++; q == nested && bytes.HasPrefix(text[i:], []byte(`\\"`)) {
			i += 2 // a mark within the string, escaped twice
		}
	}
	return -1
}

// memberValue is where a member's value begins, if there is a colon.
func memberValue(text []byte, at int) (value int, isKey bool) {
	at = skipSpace(text, at)
	if at >= len(text) || text[at] != ':' {
		return 0, false
	}
	return skipSpace(text, at+1), true
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return at
}

// blotValue blots out a value: a string, a number, or all strings and numbers that an
// object or an array holds. It gives the place behind it.
func blotValue(text []byte, at int, q mark) int {
	depth := 0
	for at < len(text) {
		switch c := text[at]; {
		case bytes.HasPrefix(text[at:], []byte(q)):
			start := at + len(q)
			end := q.end(text, start)
			if end < 0 {
				blot(text[start:])
				return len(text)
			}
			if _, isKey := memberValue(text, end+len(q)); !isKey {
				blot(text[start:end])
			}
			at = end + len(q)
		case c == '{' || c == '[':
			depth++
			at++
		case c == '}' || c == ']':
			depth--
			at++
		case c == '-' || '0' <= c && c <= '9':
			at = blotNumber(text, at)
		case c == ',' && depth <= 0:
			return at
		default:
			at++
		}
		if depth <= 0 && (at >= len(text) || text[at] == ',' || text[at] == '}' || text[at] == ']') {
			return at
		}
	}
	return at
}

// blotNumber makes a number zero, and what is left of it space, so that it is JSON still.
func blotNumber(text []byte, at int) int {
	end := at
	for end < len(text) && strings.IndexByte("+-.eE0123456789", text[end]) >= 0 {
		end++
	}
	for i := at; i < end; i++ {
		text[i] = ' '
	}
	text[at] = '0'
	return end
}

// blotAddresses blots out e-mail addresses, those in addresses of pages, too.
func blotAddresses(text []byte) {
	for _, mark := range atSigns {
		for from := 0; from < len(text); {
			at := bytes.Index(text[from:], []byte(mark))
			if at < 0 {
				break
			}
			at += from
			from = at + len(mark)
			start, end := at, from
			for start > 0 && isLocal(text[start-1]) {
				start--
			}
			for end < len(text) && isDomain(text[end]) {
				end++
			}
			if start < at && bytes.IndexByte(text[from:end], '.') > 0 {
				blotLocal(text, at)
				blot(text[at:end])
				from = end
			}
		}
	}
}

// blotLocal blots out what stands before the @ of an address. An escape of JSON within it
// stays, so that what was JSON is: of a new line before an address, and of a letter in it.
func blotLocal(text []byte, at int) {
	for letter := true; letter; {
		start := at
		for start > 0 && isLocal(text[start-1]) {
			start--
		}
		var length int
		length, letter = escape(text, start)
		blot(text[min(start+length, at):at])
		at = start - 1
	}
}

// escape is how long an escape of JSON is without its backslash, which is before start, 0
// for none, and whether it may be a letter of an address: one that is not ASCII.
func escape(text []byte, start int) (length int, letter bool) {
	if start == 0 || start == len(text) || text[start-1] != '\\' {
		return 0, false
	}
	if code := text[start:]; len(code) >= 5 && code[0] == 'u' {
		if unit, err := hex.DecodeString(string(code[1:5])); err == nil {
			return 5, unit[0] > 0 || unit[1] >= utf8.RuneSelf
		}
	}
	if strings.IndexByte("bfnrt", text[start]) >= 0 {
		return 1, false
	}
	return 0, false
}

func isDomain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

// isLocal says whether a byte can be in an address before its @. Bytes of letters that
// are not ASCII can.
func isLocal(c byte) bool { return isDomain(c) || c == '_' || c == '+' || c == '%' || c >= 0x80 }
