package load

// Reasons why a value does not fit. They are few and constant, so that rejects
// can be counted by them.
const (
	reasonMissing   = "missing"
	reasonUUID      = "not a UUID"
	reasonTime      = "not a time"
	reasonYear      = "year out of range"
	reasonNumber    = "not a number"
	reasonRange     = "number out of range"
	reasonDecimals  = "too many decimals"
	reasonWant      = "wrong JSON type"
	reasonUTF8      = "invalid UTF-8"
	reasonJSON      = "not valid JSON"
	reasonDuplicate = "key given twice"
	reasonColumns   = "wrong number of columns"
	reasonQuote     = "wrong quotes"
	reasonLong      = "line too long"
	reasonType      = "unknown event type"
	reasonFuture    = "timestamp in the future"
	reasonDevice    = "unknown device type"
)

const hexBad = 0xff

var hexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = hexBad
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = byte(c - '0')
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c], t[c-'a'+'A'] = byte(c-'a'+10), byte(c-'a'+10)
	}
	return t
}()

// parseUUID reads the 36 characters of the canonical form, in either case.
func parseUUID(s []byte) (id [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	var bad byte
	at := 0
	for i := range id {
		if at == 8 || at == 13 || at == 18 || at == 23 {
			at++
		}
		hi, lo := hexValue[s[at]], hexValue[s[at+1]]
		bad |= hi | lo
		id[i] = hi<<4 | lo
		at += 2
	}
	return id, bad&0xf0 == 0
}
