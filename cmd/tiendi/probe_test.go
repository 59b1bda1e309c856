package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

// TestProbe asks a shop that is up and one that is not: what came back is in the log, also
// that of a prober that is told to stop.
func TestProbe(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	s.write(t, "profiles.yaml", fmt.Sprintf("tiendi: {outputs: {dev: {collect: {keys: {probe: %x}}}}}\n", sha256.Sum256([]byte("of a test"))))
	collector := startServer(t, s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir()))
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	t.Cleanup(target.Close)
	to := []string{"--to", collector, "--key", "of a test"}

	o := s.run(t, append([]string{"probe", target.URL + "/up", target.URL + "/down", "--once"}, to...)...)
	for _, want := range []string{"up, target " + target.URL + "/up, status 200", "down, target " + target.URL + "/down, status 502"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("no %q in\n%s", want, o.stderr)
		}
	}
	cmd := s.command(append([]string{"probe", target.URL + "/stopped"}, to...)...)
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "up, ") {
		continue
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the prober ended with %v", err)
	}
	for _, path := range []string{"/up", "/down", "/stopped"} {
		if !inLog(t, `"target":"`+target.URL+path+`"`) {
			t.Errorf("the answer of %s is not in the log", path)
		}
	}
	to[3] = "wrong"
	if o := s.try(t, append([]string{"probe", target.URL, "--once"}, to...)...); o.code != exitUsage || !strings.Contains(o.stderr, "answers 401") {
		t.Errorf("a wrong key: exit code %d: %s", o.code, o.stderr)
	}
}
