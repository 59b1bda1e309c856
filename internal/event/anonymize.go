package event

import "net/netip"

// AppendAnonymousIP appends the network of an address: the first 24 bits of
// IPv4, the first 48 of IPv6, the rest zero. Text that is no address gives
// nothing. Doing it again changes nothing.
func AppendAnonymousIP(dst, ip []byte) []byte {
	if n := prefixV4(ip); n > 0 {
		return append(append(dst, ip[:n]...), '0')
	}
	addr, err := netip.ParseAddr(string(ip))
	if err != nil {
		return dst
	}
	addr = addr.Unmap().WithZone("")
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		return dst
	}
	return network.Addr().AppendTo(dst)
}

// prefixV4 is the length of "a.b.c." of a dotted IPv4 address, 0 for all else.
func prefixV4(ip []byte) int {
	dots, digits, value, prefix := 0, 0, 0, 0
	for i, c := range ip {
		switch {
		case c == '.' && digits > 0 && dots < 3:
			dots++
			prefix = i + 1
			digits, value = 0, 0
		case c >= '0' && c <= '9' && (digits == 0 || value > 0):
			digits++
			value = value*10 + int(c-'0')
			if value > 255 {
				return 0
			}
		default:
			return 0
		}
	}
	if dots != 3 || digits == 0 {
		return 0
	}
	return prefix
}
