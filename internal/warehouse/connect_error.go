package warehouse

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
)

// explainConnect says what failed on the way to a working login and what to do.
func explainConnect(cfg Config, err error) error {
	where := "warehouse " + strings.Join(cfg.Addrs, ", ")
	if hint := connectHint(cfg, err); hint != "" {
		return fmt.Errorf("%s: %s: %w", where, hint, err)
	}
	return fmt.Errorf("%s: %w", where, err)
}

func connectHint(cfg Config, err error) string {
	var (
		dns       *net.DNSError
		record    tls.RecordHeaderError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		netErr    net.Error
	)
	switch {
	case IsCode(err, CodeAuthenticationFailed):
		return fmt.Sprintf("user %q or its password is refused", cfg.User)
	case IsCode(err, CodeUnknownDatabase):
		return fmt.Sprintf("database %q does not exist; create it or name another", cfg.Database)
	case errors.As(err, &dns):
		return "the host name is not known; check the address"
	case errors.As(err, &authority):
		return "the server's certificate comes from an unknown authority; name it by ca_file"
	case errors.As(err, &hostname):
		return "the server's certificate is for another host name; check the address"
	case errors.As(err, &record):
		return "the port does not speak TLS; turn secure off or use the TLS port (9440 by default)"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused; check that the server runs and the port is the native one (9000, or 9440 with TLS)"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "the server closed the connection; check that the port is the native one and whether it needs TLS (secure)"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return "no answer in time; check address and firewall"
	case strings.Contains(err.Error(), "unexpected packet"):
		return "the port does not speak ClickHouse's native protocol; HTTP's 8123 is another one"
	}
	return ""
}
