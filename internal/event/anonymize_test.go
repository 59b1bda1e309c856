package event

import (
	"net/netip"
	"testing"
)

func TestAppendAnonymousIP(t *testing.T) {
	for ip, want := range map[string]string{
		"203.0.113.77":             "203.0.113.0",
		"10.0.0.0":                 "10.0.0.0",
		"255.255.255.255":          "255.255.255.0",
		"2001:db8:1:2:3:4:5:6":     "2001:db8:1::",
		"2001:DB8::1":              "2001:db8::",
		"::1":                      "::",
		"::ffff:203.0.113.77":      "203.0.113.0",
		"fe80::1%eth0":             "fe80::",
		"":                         "",
		"203.0.113":                "",
		"203.0.113.256":            "",
		"203.0.113.7.7":            "",
		"203.0.113.07":             "",
		"01.2.3.4":                 "",
		"ana@shop.example":         "",
		"203.0.113.77, 198.51.1.1": "",
	} {
		if got := string(AppendAnonymousIP([]byte("x"), []byte(ip))); got != "x"+want {
			t.Errorf("%q gave %q, want %q", ip, got[1:], want)
		}
	}
}

func FuzzAppendAnonymousIP(f *testing.F) {
	for _, ip := range []string{"203.0.113.77", "1.2.3.4", "2001:db8::77", "::ffff:1.2.3.4", "1..2.3", "00.0.0.0"} {
		f.Add(ip)
	}
	f.Fuzz(func(t *testing.T, ip string) {
		got := AppendAnonymousIP(nil, []byte(ip))
		if _, err := netip.ParseAddr(ip); (err == nil) != (len(got) > 0) {
			t.Fatalf("%q gave %q, netip says %v", ip, got, err)
		}
		if again := AppendAnonymousIP(nil, got); string(again) != string(got) {
			t.Errorf("%q gave %q, and that %q", ip, got, again)
		}
	})
}
