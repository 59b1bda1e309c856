package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// TestDashboards: administrators get links to another tool's dashboards, which open them no
// longer than their token; vendors, and keys of public pages, get none.
func TestDashboards(t *testing.T) {
	s := newSite(t, nil)
	for _, valid := range []time.Duration{time.Minute, 12 * time.Hour} {
		token := s.sign(t, auth.Principal{Subject: "ana", Scopes: []auth.Scope{auth.Metrics}, Expires: s.now.Load().Add(valid)}, nil)
		var got struct{ Dashboards []linkedDashboard }
		r := s.get(t, token, "/v1/dashboards")
		if err := json.Unmarshal([]byte(r.text), &got); err != nil || len(got.Dashboards) != 2 || got.Dashboards[0].Name != "Sales" {
			t.Fatalf("%d %s, %v", r.status, r.text, err)
		}
		if r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("links are kept: %v", r.header)
		}
		link, found := strings.CutPrefix(got.Dashboards[0].URL, "https://metabase.shop.example/embed/dashboard/")
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(link, claims, func(*jwt.Token) (any, error) { return []byte("embedding"), nil }, jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(func() time.Time { return *s.now.Load() }))
		until := s.now.Load().Add(min(valid, linksFor))
		if text, _ := json.Marshal(claims["resource"]); !found || err != nil || string(text) != `{"dashboard":7}` || claims["exp"] != float64(until.Unix()) {
			t.Errorf("%v: %s, %v", claims, link, err)
		}
	}
	if r := s.get(t, s.token(t, storeA), "/v1/dashboards"); strings.TrimSpace(r.text) != `{"dashboards":[]}` {
		t.Errorf("a vendor gets %s", r.text)
	}
	if r := s.get(t, s.publishable(t), "/v1/dashboards"); r.status != 403 {
		t.Errorf("a public page gets %d %s", r.status, r.text)
	}
}

// TestFrames: pages may have frames of the other tool, and of nobody else.
func TestFrames(t *testing.T) {
	for address, want := range map[string]string{"/": "frame-src 'self' https://metabase.shop.example", "/report.html": "style-src 'unsafe-inline'"} {
		r := newSite(t, nil).get(t, "", address)
		policy := r.header.Get("Content-Security-Policy")
		if r.status != 200 || !strings.Contains(policy+";", want+";") || strings.Contains(policy, "script-src 'unsafe") {
			t.Errorf("%s: %d %s", address, r.status, policy)
		}
	}
	bare := newSite(t, func(o *Options) { o.Metabase, o.Reports = nil, nil })
	if r := bare.get(t, "", "/"); !strings.HasSuffix(r.header.Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Errorf("without: %v", r.header)
	}
	if r := bare.get(t, bare.token(t), "/v1/dashboards"); strings.TrimSpace(r.text) != `{"dashboards":[]}` {
		t.Errorf("without: %s", r.text)
	}
	if r := bare.get(t, bare.everything(t, storeA), "/v1/reports"); r.status != 404 || others(r.text) != "" {
		t.Errorf("without: %d %s", r.status, r.text)
	}
}
