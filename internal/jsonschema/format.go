package jsonschema

import (
	"net/netip"
	"net/url"
	"regexp/syntax"
	"strings"
)

// builtinFormats are those of the draft (validation, 7.3) but for uuid and
// date-time, which the caller gives, since it stores what they let pass, and
// for the internationalised names and URI templates, which nobody checks.
func builtinFormats() map[string]func(string) bool {
	return map[string]func(string) bool{
		"date": isDate, "time": isTime, "duration": isDuration,
		"email": isEmail, "hostname": isHostname, "ipv4": isIPv4, "ipv6": isIPv6,
		"uri": isURI, "uri-reference": isReference, "iri": isURI, "iri-reference": isReference,
		"json-pointer": isPointer, "relative-json-pointer": isRelativePointer, "regex": isPattern,
	}
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isLetter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }

// leadingDigits is how many digits the text begins with.
func leadingDigits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// isHostname follows RFC 1123, 2.1; a dot may stand at the end.
func isHostname(text string) bool {
	text = strings.TrimSuffix(text, ".")
	if len(text) > 253 {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if len(label) < 1 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isLetter(c) && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

// isEmail follows RFC 5321, 4.1.2, with its limits on lengths.
func isEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at > 64 || len(text) > 254 {
		return false
	}
	local, domain := text[:at], text[at+1:]
	if !isQuoted(local) && !isDotted(local) {
		return false
	}
	if address, ok := strings.CutPrefix(domain, "["); ok {
		address, ok = strings.CutSuffix(address, "]")
		if six, is := strings.CutPrefix(address, "IPv6:"); is {
			return ok && isIPv6(six)
		}
		return ok && isIPv4(address)
	}
	return isHostname(domain)
}

// isQuoted takes no escapes, which no one has.
func isQuoted(local string) bool {
	return len(local) > 1 && local[0] == '"' && strings.IndexAny(local[1:], `"\`) == len(local)-2
}

func isDotted(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		for i := range len(atom) {
			if c := atom[i]; !isLetter(c) && !isDigit(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) {
				return false
			}
		}
		if atom == "" {
			return false
		}
	}
	return true
}

func isIPv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}

func isIPv6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6() && address.Zone() == ""
}

func isURI(text string) bool {
	u, ok := parseURL(text)
	return ok && u.IsAbs()
}

func isReference(text string) bool {
	_, ok := parseURL(text)
	return ok && !strings.Contains(text, `\`)
}

func parseURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, false
	}
	host := u.Hostname()
	return u, !strings.Contains(host, ":") || strings.Contains(u.Host, "[") && isIPv6(host)
}

// isPointer follows RFC 6901, 3.
func isPointer(text string) bool {
	if text != "" && text[0] != '/' {
		return false
	}
	rest := strings.ReplaceAll(strings.ReplaceAll(text, "~0", ""), "~1", "")
	return !strings.Contains(rest, "~")
}

func isRelativePointer(text string) bool {
	n := leadingDigits(text)
	return n > 0 && (n == 1 || text[0] != '0') && (text[n:] == "#" || isPointer(text[n:]))
}

// isPattern only parses: compiled, a{1000} takes a thousand times the memory.
func isPattern(text string) bool {
	if len(text) > maxPattern {
		return false
	}
	_, err := syntax.Parse(text, syntax.Perl)
	return err == nil
}
