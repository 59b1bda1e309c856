package metabase

import (
	"testing"
	"time"
)

// TestLink is of a token that was worked out with openssl: the HMAC-SHA256, by the secret, of
// {"alg":"HS256","typ":"JWT"} and {"exp":1700000600,"params":{},"resource":{"dashboard":7}}.
func TestLink(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3MDAwMDA2MDAsInBhcmFtcyI6e30sInJlc291cmNlIjp7ImRhc2hib2FyZCI6N319.UQdmD-CkRiW6U5PuVF4ibhXKL6MTp4EQEjbwc86r4DQ"
	for address, want := range map[string]string{
		"https://metabase.shop.example": "https://metabase.shop.example/embed/dashboard/" + token,
		"http://shop.example:3000/bi/":  "http://shop.example:3000/bi/embed/dashboard/" + token,
	} {
		s := Site{URL: address, Secret: "embedding-secret", Dashboards: map[string]int{"Ventas": 7}}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Link("Ventas", time.Unix(1700000600, 0)); got != want || err != nil {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
		if got, err := s.Link("ventas", time.Unix(1700000600, 0)); err == nil {
			t.Errorf("a dashboard that is not named: %s", got)
		}
	}
}

func TestCheck(t *testing.T) {
	whole := Site{URL: "https://metabase.shop.example/bi", Secret: "s", Dashboards: map[string]int{"Sales": 1}}
	if err := whole.Check(); err != nil || whole.Origin() != "https://metabase.shop.example" {
		t.Errorf("%v, %s", err, whole.Origin())
	}
	for _, change := range []func(*Site){
		func(s *Site) { s.URL = "" }, func(s *Site) { s.URL = "metabase" }, func(s *Site) { s.URL = "javascript://x" }, func(s *Site) { s.URL = "https://u:p@host" },
		func(s *Site) { s.Secret = "" }, func(s *Site) { s.Dashboards = nil },
	} {
		s := whole
		change(&s)
		if err := s.Check(); err == nil {
			t.Errorf("%+v is taken", s)
		}
	}
}
