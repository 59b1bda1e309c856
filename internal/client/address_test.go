package client

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func TestAddress(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.7:99", "", "203.0.113.7"},
		{"203.0.113.7:99", "198.51.100.1", "203.0.113.7"}, // not trusted: believed about nobody
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"10.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "1.1.1.1, 198.51.100.1", "198.51.100.1"}, // the first is the client's invention
		{"10.0.0.1:99", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:99", "198.51.100.1:4711", "198.51.100.1"},
		{"10.0.0.1:99", "nonsense, 10.0.0.2", "10.0.0.2"},
		{"[::ffff:10.0.0.1]:99", "[2001:db8::1]:80", "2001:db8::1"},
		{"[fd00::1]:99", "2001:db8::1", "2001:db8::1"},
		{"@", "", "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := Address(r, trusted).String(); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestRates(t *testing.T) {
	r, err := NewRates[string](2, 1)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for i, want := range []time.Duration{0, 0, 0, 0, 500 * time.Millisecond, 500 * time.Millisecond} {
		if got := r.Take("a", 1, now); got != want {
			t.Errorf("%d: wait %v, want %v", i, got, want)
		}
	}
	if got := r.Take("b", 4, now); got != 0 {
		t.Errorf("another sender waits %v", got)
	}
	if got := r.Take("a", 1, now.Add(500*time.Millisecond)); got != 0 {
		t.Errorf("half a second later it waits %v", got)
	}
	open, err := NewRates[string](0, 1)
	if err != nil || open.Take("a", 1<<30, now) != 0 {
		t.Errorf("without a limit: %v", err)
	}
}
