package embedded_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// TestStrangers checks that what fails to log in or talks nonsense is turned away
// and the engine goes on.
func TestStrangers(t *testing.T) {
	e := startEngine(t, options(t, t.TempDir()))
	wrong := e.Config()
	wrong.Password = "wrong"
	if _, err := warehouse.Open(t.Context(), wrong); !warehouse.IsCode(err, warehouse.CodeAuthenticationFailed) {
		t.Errorf("wrong password: %v", err)
	}
	unnamed := e.Config()
	unnamed.User, unnamed.Password = "default", ""
	if _, err := warehouse.Open(t.Context(), unnamed); err == nil {
		t.Error("the engine's own user can log in without a password")
	}
	resp, err := http.Post("http://"+e.Config().HTTPAddr, "", strings.NewReader("SELECT 1"))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		t.Error("HTTP answers without a password")
	}
	for _, addr := range []string{e.Config().Addrs[0], e.Config().HTTPAddr} {
		talkNonsense(t, addr)
	}
	if got := text(t, open(t, e.Config()), "SELECT 'here'"); got != "here" {
		t.Errorf("got %q", got)
	}
}

func talkNonsense(t *testing.T, addr string) {
	t.Helper()
	for _, nonsense := range []string{"", "\xff\xff\xff", "\x16\x03\x01\x02\x00\x01\x00", "GET / HTTP/1.1\r\n\r\n", "\x00\x06tiendi"} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(200 * time.Millisecond))
		_, _ = io.WriteString(conn, nonsense)
		_, _ = io.ReadAll(conn)
		_ = conn.Close()
	}
}

// TestPrivate looks for the password where others could read it.
func TestPrivate(t *testing.T) {
	o := options(t, t.TempDir())
	e := startEngine(t, o)
	info, err := os.Stat(filepath.Join(o.Dir, "config.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("config.xml has mode %v", info.Mode())
	}
	args, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(e.PID())).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(args), "__engine") || strings.Contains(string(args), e.Config().Password) {
		t.Errorf("command line %s", args)
	}
}
