package warehouse

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listenTLS takes TLS connections and hangs up: how far a client gets with the
// certificate, and what its error tells, is all that counts here.
func listenTLS(t *testing.T) (port string, certificate []byte) {
	t.Helper()
	source := httptest.NewTLSServer(nil)
	source.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", source.TLS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.Close()
		}
	}()
	if _, port, err = net.SplitHostPort(l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	return port, source.Certificate().Raw
}

func TestTLS(t *testing.T) {
	port, raw := listenTLS(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	if err := os.WriteFile(ca, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	local := net.JoinHostPort("127.0.0.1", port)
	for name, tc := range map[string]struct {
		cfg     Config
		want    string
		wantNot string
	}{
		"unknown authority": {Config{Addrs: []string{local}, Secure: true}, "ca_file", ""},
		"given authority":   {Config{Addrs: []string{local}, Secure: true, CAFile: ca}, "handshake", "certificate"},
		"other host":        {Config{Addrs: []string{net.JoinHostPort("localhost", port)}, Secure: true, CAFile: ca}, "another host name", ""},
		"skip verify":       {Config{Addrs: []string{local}, Secure: true, SkipVerify: true}, "handshake", "certificate"},
		"plain":             {Config{Addrs: []string{local}}, "TLS", ""},
	} {
		_, err := Open(context.Background(), tc.cfg)
		if err == nil || !strings.Contains(err.Error(), tc.want) || tc.wantNot != "" && strings.Contains(err.Error(), tc.wantNot) {
			t.Errorf("%s: error %v should say %q and not %q", name, err, tc.want, tc.wantNot)
		}
	}
}

func TestCAFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, bytes.Repeat([]byte("x"), 10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (Config{Secure: true, CAFile: empty}).tlsConfig(); err == nil || !strings.Contains(err.Error(), "no PEM certificate") {
		t.Errorf("error %v", err)
	}
	c, err := (Config{Secure: true}).tlsConfig()
	if err != nil || c.MinVersion != tls.VersionTLS12 || c.InsecureSkipVerify {
		t.Errorf("TLS %+v, %v", c, err)
	}
}

func TestSettings(t *testing.T) {
	c := Config{Settings: map[string]any{"max_threads": 2}}
	if s := c.settings(); s["async_insert"] != 0 || s["max_threads"] != 2 || len(c.Settings) != 1 {
		t.Errorf("settings %v, given %v", s, c.Settings)
	}
	if s := (Config{Settings: map[string]any{"async_insert": 1}}).settings(); s["async_insert"] != 1 {
		t.Errorf("settings %v", s)
	}
}
