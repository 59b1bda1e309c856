package load

import "unicode/utf8"

// scanBytes says whether b holds control characters, and bytes beyond ASCII,
// eight bytes at a time.
func scanBytes(b []byte) (control, high bool) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	var below, above uint64
	for ; len(b) >= 8; b = b[8:] {
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		// A byte below 0x20 borrows into its top bit, which it had not set.
		below |= (w - ones*0x20) &^ w
		above |= w
	}
	for _, c := range b {
		control = control || c < 0x20
		high = high || c >= utf8.RuneSelf
	}
	return control || below&tops != 0, high || above&tops != 0
}
