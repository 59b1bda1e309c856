package local_test

import (
	"encoding/json"
	"github.com/tiendi/tiendi/internal/local"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStaleFiles leaves in the state folder what a crash may leave, and worse.
func TestStaleFiles(t *testing.T) {
	o := options(t)
	if err := os.MkdirAll(o.StateDir, 0o755); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(o.StateDir, "supervisor.sock")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: foreign})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	defer func() { _ = listener.Close() }()
	address, err := json.Marshal(map[string]any{"Protocol": 3, "PID": os.Getpid(), "Socket": foreign, "Token": "old"})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"supervisor.json": string(address), "supervisor.lock": "1", "start.lock": "1",
	} {
		if err := os.WriteFile(filepath.Join(o.StateDir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, open(t, acquire(t, o)), "SELECT 1")
	info, err := os.Stat(o.StateDir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("state folder has mode %v", info.Mode())
	}
	for _, garbage := range []string{"", "{", `{"Protocol":3,"Socket":"/nowhere"}`, `{"Protocol":1,"Socket":"/nowhere"}`} {
		if err := local.Down(t.Context(), o, true); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(o.StateDir, "supervisor.json"), []byte(garbage), 0o600); err != nil {
			t.Fatal(err)
		}
		acquire(t, o).Release()
	}
}

// TestClearedAway removes what commands find the supervisor by, while it is held.
func TestClearedAway(t *testing.T) {
	o := options(t)
	acquire(t, o)
	first := status(t, o).PID
	for _, name := range []string{"supervisor.sock", "supervisor.json"} {
		if err := os.Remove(filepath.Join(o.StateDir, name)); err != nil {
			t.Fatal(err)
		}
		acquire(t, o).Release()
		if pid := status(t, o).PID; pid != first {
			t.Errorf("without %s: supervisor %d, want %d", name, pid, first)
		}
	}
}

// TestRemovedStateDir throws the folder away under a running engine, as people do
// to begin anew: the old engine must leave, or it clears away the new one's files.
func TestRemovedStateDir(t *testing.T) {
	o := options(t)
	lost := acquire(t, o)
	old := status(t, o).PID
	if err := os.RemoveAll(o.StateDir); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the old supervisor to leave", func() bool { return !alive(old) })
	<-lost.Lost()
	run(t, open(t, acquire(t, o)), "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO t VALUES (1)")
}

func TestLongStateDir(t *testing.T) {
	o := local.Options{StateDir: filepath.Join(t.TempDir(), strings.Repeat("long/", 30), "state"), Version: "test"}
	run(t, open(t, acquire(t, o)), "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO t VALUES (1)")
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Error(err)
	}
}

func TestWrongToken(t *testing.T) {
	o := options(t)
	acquire(t, o)
	b, err := os.ReadFile(filepath.Join(o.StateDir, "supervisor.json"))
	if err != nil {
		t.Fatal(err)
	}
	var a struct{ Socket string }
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("unix", a.Socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte(`{"Protocol":3,"Op":"lease","Token":"guess"}` + "\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4096)
	n, err := conn.Read(answer)
	if err != nil || !strings.Contains(string(answer[:n]), "token") || strings.Contains(string(answer[:n]), "Password") {
		t.Errorf("answer %q %v", answer[:n], err)
	}
}
