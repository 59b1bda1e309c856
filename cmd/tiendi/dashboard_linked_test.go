package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// testLinked has an administrator look at a dashboard of another tool, which shows a page to
// whoever has a link that it believes, and a vendor find none.
func testLinked(t *testing.T, s *shop, browser context.Context, vendor string) {
	const secret = "an embedding secret"
	var shown atomic.Int32
	tool := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(strings.TrimPrefix(r.URL.Path, "/embed/dashboard/"), claims, func(*jwt.Token) (any, error) { return []byte(secret), nil }, jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
		if err != nil || fmt.Sprint(claims["resource"]) != "map[dashboard:7]" {
			http.Error(w, "this link shows nothing", http.StatusBadRequest)
			return
		}
		shown.Add(1)
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><h1>The tool's own page</h1>")
	}))
	defer tool.Close()
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, "TIENDI_METABASE_URL="+tool.URL, "TIENDI_METABASE_SECRET="+secret, "TIENDI_METABASE_DASHBOARDS=Logistics=7")
	address := startServer(t, cmd)
	defer terminate(t, cmd)
	for _, c := range []struct {
		token []string
		views string
	}{{nil, "Figures,Reports,Logistics"}, {[]string{"--stores", vendor}, "Figures,Reports"}} {
		token := strings.TrimSpace(s.run(t, append([]string{"token"}, c.token...)...).stdout)
		p := openPage(t, browser, address, token, "en", "dark", 1440, 900)
		if got := p.text("[...document.querySelectorAll('#views button')].map((b) => b.textContent).join()"); got != c.views {
			t.Errorf("%v: the views are %s, want %s", c.token, got, c.views)
		}
		if c.token == nil {
			p.text("document.querySelectorAll('#views button')[2].click(), ''")
			p.until("!!document.querySelector('iframe.linked')?.src.endsWith('&theme=night')")
			for end := time.Now().Add(time.Minute); shown.Load() == 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the tool is not asked")
				}
			}
		}
	}
	cmd = s.command("serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, "TIENDI_METABASE_URL="+tool.URL, "TIENDI_METABASE_SECRET="+secret)
	if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "metabase.dashboards") || strings.Contains(string(out), secret) {
		t.Errorf("without dashboards: %v\n%s", err, out)
	}
}
