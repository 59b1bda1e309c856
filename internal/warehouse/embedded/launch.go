package embedded

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"github.com/creack/pty"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// launch starts the child and leaves the other end of its terminal with us. With
// a plain pipe for standard input this release of the engine aborts whenever a
// client fails to log in or says something unexpected (ClickHouse issue 115666);
// an interactive one only drops that client.
func launch(o Options) (*Engine, error) {
	args, err := prepare(o)
	if err != nil {
		return nil, err
	}
	argv := append(o.Library.command(o.Command), args...)
	e := &Engine{log: o.Log, dir: o.Dir, password: o.Password, done: make(chan struct{})}
	e.cmd = exec.Command(argv[0], argv[1:]...)
	e.cmd.Dir = o.Dir
	// The engine's threads are not Go's; nothing may be signalled among them.
	e.cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "TZ=UTC", "TERM=dumb",
		"HOME="+o.Dir, "CLICKHOUSE_HISTORY_FILE=/dev/null")
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	e.cmd.Stderr = o.Log // standard output only repeats our statements
	hold, stdin, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("the engine needs a pseudo terminal (mount devpts on /dev/pts): %w", err)
	}
	defer func() { _ = stdin.Close() }()
	e.cmd.Stdin, e.hold = stdin, hold
	o.Log.Mark()
	if err := e.cmd.Start(); err != nil {
		_ = hold.Close()
		return nil, err
	}
	go func() {
		_ = e.cmd.Wait()
		close(e.done)
	}()
	return e, nil
}

// prepare writes the configuration and returns the engine's arguments. The
// password is in the file as a hash only, and the file is the user's alone.
func prepare(o Options) ([]string, error) {
	data, temp := filepath.Join(o.Dir, "data"), filepath.Join(o.Dir, "tmp")
	for _, dir := range []string{o.Dir, data, temp} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	self := filepath.Join(o.Dir, "config.xml")
	xml, err := configXML(settings{
		DataDir: data, TempDir: temp, Self: self, Hash: passwordHash(o.Password),
		TCPPort: freeOrAny(o.TCPPort), HTTPPort: freeOrAny(o.HTTPPort),
		Memory: o.Memory, Threads: mergeThreads(),
	})
	if err != nil {
		return nil, err
	}
	if err := replaceFile(self, []byte(xml)); err != nil {
		return nil, err
	}
	out := portsFile(o.Dir)
	if err := os.Remove(out); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	query := "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; " +
		"SELECT getServerPort('tcp_port') AS tcp, getServerPort('http_port') AS http INTO OUTFILE " +
		warehouse.Literal(out) + " FORMAT JSONEachRow; " +
		"SELECT * FROM file('/dev/stdin', 'LineAsString', 'line String') FORMAT Null"
	return []string{"--config-file=" + self, "--path=" + data, "--interactive", "--progress=off",
		"--disable_suggestion", "--query=" + query}, nil
}

// replaceFile writes a file that is whole or not there, for the user only.
func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if _, err := f.Write(content); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// freeOrAny returns the port if nothing listens on it, else 0.
func freeOrAny(port int) int {
	if port == 0 {
		return 0
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0
	}
	_ = l.Close()
	return port
}

// SelfCommand is this running program with a hidden command. On Linux it stays
// right when the file has been replaced or removed meanwhile.
func SelfCommand(hidden string) ([]string, error) {
	if runtime.GOOS == "linux" {
		return []string{"/proc/self/exe", hidden}, nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	return []string{exe, hidden}, nil
}
