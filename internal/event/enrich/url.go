package enrich

import "strings"

// The functions of this file do what ClickHouse's of the same purpose do, broken
// URLs included. A test beside the engine holds them together.

// parameter is extractURLParameter: the value of the first pair of that name,
// behind the first ? or #.
func parameter(url, name string) string {
	begin := strings.IndexAny(url, "?#")
	if begin < 0 {
		return ""
	}
	for rest := begin + 1; ; {
		at := strings.Index(url[rest:], name)
		if at < 0 {
			return ""
		}
		at += rest
		end := at + len(name)
		if end == len(url) {
			return ""
		}
		if url[end] != '=' || !strings.ContainsRune("?#&", rune(url[at-1])) {
			rest = end
			continue
		}
		value := url[end+1:]
		if stop := strings.IndexAny(value, "&#"); stop >= 0 {
			value = value[:stop]
		}
		return value
	}
}

// decoded is decodeURLComponent: %xx becomes a byte, all else stays.
func decoded(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || len(text)-i < 3 {
			out = append(out, text[i])
			continue
		}
		high, low := hexValue(text[i+1]), hexValue(text[i+2])
		if high > 15 || low > 15 {
			out = append(out, text[i:i+3]...)
		} else {
			out = append(out, high<<4|low)
		}
		i += 2
	}
	return string(out)
}

func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// lowered is lower: of ASCII alone.
func lowered(text string) string {
	for i := range len(text) {
		if text[i] >= 'A' && text[i] <= 'Z' {
			out := []byte(text)
			for ; i < len(out); i++ {
				if out[i] >= 'A' && out[i] <= 'Z' {
					out[i] += 'a' - 'A'
				}
			}
			return string(out)
		}
	}
	return text
}

// domain is domain: what stands between :// and the path, without user and port;
// "" for what has no dot, or characters that no URL may have.
func domain(url string) string {
	url = url[afterScheme(url):]
	start, dot, end := 0, -1, len(url)
scan:
	for i := range len(url) {
		switch url[i] {
		case '.':
			dot = i
		case '@':
			start = i + 1
		case ':', '/', '?', '#':
			end = i
			break scan
		default:
			if restricted(url[i]) {
				return ""
			}
		}
	}
	if dot < 0 || start >= end || dot == end-1 {
		return ""
	}
	return url[start:end]
}

// maxScheme is up to where the engine looks for ://, scheme and all.
const maxScheme = 16

// afterScheme is where the host begins.
func afterScheme(url string) int {
	if strings.HasPrefix(url, "//") {
		return 2
	}
	head := url[:min(len(url), maxScheme)]
	i := min(1, len(head))
	for i < len(head) && (isAlphanumeric(head[i]) || strings.IndexByte(".-+", head[i]) >= 0) {
		i++
	}
	if strings.HasPrefix(head[i:], "://") {
		return i + 3
	}
	return 0
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// restricted are the characters that make the engine see no host at all.
func restricted(c byte) bool { return strings.IndexByte(" \t<>%{}|\\^~[];=&", c) >= 0 }

// withoutWWW is what domainWithoutWWW takes off.
func withoutWWW(site string) string {
	if len(site) > len("www.") {
		return strings.TrimPrefix(site, "www.")
	}
	return site
}
