package client

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Address is whom the request comes from: the connection's other end, or
// where that is a trusted proxy, the last address of X-Forwarded-For that is not
// one. What stands before that is whatever the client liked to say. It is invalid where the
// connection has none, as a socket of the file system.
func Address(r *http.Request, trusted []netip.Prefix) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	client, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	client = client.Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(client, trusted); i-- {
		hop, err := parseHop(hops[i])
		if err != nil {
			break
		}
		client = hop
	}
	return client
}

// parseHop reads an address of X-Forwarded-For; some proxies write the port too.
func parseHop(text string) (netip.Addr, error) {
	text = strings.TrimSpace(text)
	addr, err := netip.ParseAddr(text)
	if err != nil {
		var both netip.AddrPort
		if both, err = netip.ParseAddrPort(text); err == nil {
			addr = both.Addr()
		}
	}
	return addr.Unmap().WithZone(""), err
}

func within(addr netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
