package collect

import (
	"regexp"
	"sync"

	"github.com/tiendi/tiendi/internal/event"
)

// They are compiled where they are first needed, so that no other command pays for
// them at its start.
var (
	// ipMember is a key that may hold an address, and its text as far as it goes:
	// what was refused may be no JSON.
	ipMember = pattern(`("((?i:[a-z_]*ip|ip_?address))"\s*:\s*")([^"]*)`)
	// ipKey tells such keys from zip, membership and the like, whose text is kept
	// unless it looksLikeIP: it has to be there when the event is replayed.
	ipKey       = pattern(`^(?i:ip|ip_?address|[a-z_]*_ip)$|[a-z]I[pP]$`)
	looksLikeIP = pattern(`\d+\.\d+\.\d+\.\d|[0-9A-Fa-f]*:[0-9A-Fa-f]*:`)
	// addressText is a string that may be an address, under whatever key.
	addressText = pattern(`"[0-9A-Fa-f:.]{3,45}(?:%[0-9A-Za-z]+)?"`)
)

func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// anonymiseRaw cuts the addresses in bytes that nothing is known of.
func anonymiseRaw(raw []byte) []byte {
	raw = ipMember().ReplaceAllFunc(raw, func(m []byte) []byte {
		parts := ipMember().FindSubmatch(m)
		before, key, text := parts[1], parts[2], parts[3]
		if !ipKey().Match(key) && !looksLikeIP().Match(text) {
			return m
		}
		return event.AppendAnonymousIP(append([]byte(nil), before...), text)
	})
	return addressText().ReplaceAllFunc(raw, func(m []byte) []byte {
		cut := event.AppendAnonymousIP([]byte{'"'}, m[1:len(m)-1])
		if len(cut) == 1 {
			return m
		}
		return append(cut, '"')
	})
}
