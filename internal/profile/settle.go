package profile

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Ports of ClickHouse's native protocol.
const (
	nativePort       = 9000
	secureNativePort = 9440
)

// settle fills in what was not said and checks that the rest fits together.
func (r *reader) settle(s *Settings) {
	w := &s.Warehouse
	if s.Threads == 0 {
		s.Threads = standardThreads
	}
	if w.Type == "" {
		w.Type = Embedded
		if len(w.Addresses) > 0 {
			w.Type = ClickHouse
		}
	}
	if w.Settings == nil {
		w.Settings = map[string]any{}
	}
	r.settleBroker(s)
	r.settleStream(s)
	r.settleArchive(s)
	r.settleReport(s)
	if r.given["warehouse.password"] && r.given["warehouse.password_file"] {
		r.wrong(s, "warehouse.password and warehouse.password_file are both given: keep one")
	}
	if w.Type == Embedded {
		r.embedded(s)
		return
	}
	if w.MemoryLimit != "" {
		r.wrong(s, "warehouse.memory_limit is for the embedded engine; a server has its own (settings: {max_memory_usage: …} bounds a query)")
	}
	if len(w.Addresses) == 0 && !r.unplaced {
		r.wrong(s, "warehouse.addresses is missing: say where the server is, host:%d", nativePort)
	}
	w.Database, w.User = orStandard(w.Database, "default"), orStandard(w.User, "default")
	for i, a := range w.Addresses {
		w.Addresses[i] = r.address(s, a, w.Secure)
	}
	if w.HTTPAddress != "" && len(r.problems) == 0 {
		r.bare(s, "warehouse.http_address", w.HTTPAddress)
	}
}

// bare refuses URLs. It does not repeat them: they may hold a password.
func (r *reader) bare(s *Settings, key, address string) bool {
	if !strings.ContainsAny(address, "/@ ") {
		return true
	}
	r.wrong(s, "%s must be host:port alone: user, password and secure have keys of their own", key)
	return false
}

// embedded checks that nothing is said that only a server has.
func (r *reader) embedded(s *Settings) {
	for _, path := range []string{
		"warehouse.addresses", "warehouse.http_address", "warehouse.user", "warehouse.password", "warehouse.password_file",
		"warehouse.secure", "warehouse.skip_verify", "warehouse.ca_file", "warehouse.cluster",
	} {
		if r.given[path] {
			r.wrong(s, "%s is for a server: write warehouse.type: clickhouse, or leave it out for the embedded engine", path)
		}
	}
	s.Warehouse.Database = orStandard(s.Warehouse.Database, "tiendi")
}

func (r *reader) wrong(s *Settings, format string, args ...any) {
	where := fmt.Sprintf("target %s", s.Target)
	if s.File != "" {
		where = fmt.Sprintf("%s: target %s", s.File, s.Target)
	}
	r.problems = append(r.problems, fmt.Errorf("%s: %w", where, fmt.Errorf(format, args...)))
}

// address gives an address its port when it has none.
func (r *reader) address(s *Settings, a string, secure bool) string {
	if !r.bare(s, "warehouse.addresses", a) {
		return a
	}
	host, port, err := net.SplitHostPort(a)
	if err != nil {
		host, port = a, strconv.Itoa(nativePort)
		if secure {
			port = strconv.Itoa(secureNativePort)
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || host == "" {
		r.wrong(s, "warehouse.addresses: %q is no host:port", a)
	}
	return net.JoinHostPort(trimBrackets(host), port)
}

func trimBrackets(host string) string {
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

func orStandard(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}
