package archive

import (
	"bytes"

	"github.com/tiendi/tiendi/internal/event"
)

// ipKey is the member that an event's address is in.
var ipKey = []byte(`"ip"`)

// anonymise makes the addresses of a line anonymous. The collector has done so with all
// that it takes, and the line is then given back as it is; this is for lines that
// another program has written to the topic.
func anonymise(line []byte) []byte {
	for from := 0; ; {
		at := bytes.Index(line[from:], ipKey)
		if at < 0 {
			return line
		}
		from += at + len(ipKey)
		start, end, ok := text(line, from)
		if !ok {
			continue
		}
		address := event.AppendAnonymousIP(nil, line[start:end])
		if len(address) > 0 && !bytes.Equal(address, line[start:end]) {
			line = bytes.Join([][]byte{line[:start], address, line[end:]}, nil)
			end = start + len(address)
		}
		from = end
	}
}

// text is where the string of a member is whose key ends there.
func text(line []byte, at int) (start, end int, ok bool) {
	rest := bytes.TrimLeft(line[at:], " \t")
	if len(rest) == 0 || rest[0] != ':' {
		return 0, 0, false
	}
	rest = bytes.TrimLeft(rest[1:], " \t")
	if len(rest) == 0 || rest[0] != '"' {
		return 0, 0, false
	}
	start = len(line) - len(rest) + 1
	length := bytes.IndexByte(line[start:], '"')
	return start, start + length, length >= 0
}
