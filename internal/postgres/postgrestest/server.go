package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	superuser = "tiendi"
	password  = "hunter2" // so that tests may look for it where it must not be
)

// server is a PostgreSQL of the tests' own, which ends with them.
type server struct {
	dir, bin, port string
	settings       []string // name=value, beyond those of every server
	cmd            *exec.Cmd
	ended          chan error
}

// binaries is where PostgreSQL's programs are: on PATH, or where Debian has them.
func binaries() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		return "", errors.New("these tests need a real PostgreSQL: run \"make services\"")
	}
	return slices.Max(found), nil
}

func startServer(settings ...string) (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &server{bin: bin, settings: settings}
	if s.dir, err = os.MkdirTemp("", "tiendi-postgres-"); err != nil {
		return nil, err
	}
	if err = s.create(); err == nil {
		err = s.start()
	}
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// create makes an empty cluster and chooses its port.
func (s *server) create() error {
	secret := filepath.Join(s.dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o644); err != nil {
		return err
	}
	initdb, err := s.command("initdb", "-D", filepath.Join(s.dir, "data"), "-U", superuser, "--pwfile", secret,
		"--auth=scram-sha-256", "--no-sync", "--locale=C", "--encoding=UTF8")
	if err != nil {
		return err
	}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	s.port, err = freePort()
	return err
}

// start runs the server, anew or again.
func (s *server) start() (err error) {
	// Nothing here survives a power cut, nor has to.
	args := []string{"-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-h", "127.0.0.1", "-p", s.port,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=128MB", "-c", "max_connections=100",
		"-c", "wal_level=logical", "-c", "max_replication_slots=50", "-c", "max_wal_senders=50"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	s.cmd, err = s.command("postgres", args...)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := startTied(s.cmd); err != nil {
		return err
	}
	cmd, ended := s.cmd, make(chan error, 1)
	s.ended = ended
	go func() { ended <- cmd.Wait() }()
	return s.await()
}

func (s *server) url(database string) string {
	return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%s/%s", superuser, password, s.port, database)
}

// await returns when the server takes connections.
func (s *server) await() error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if c, err := pgx.Connect(context.Background(), s.url("postgres")); err == nil {
			return c.Close(context.Background())
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return fmt.Errorf("PostgreSQL ended while it started: %w:\n%s", err, s.output())
		default:
		}
	}
	return errors.New("PostgreSQL did not start:\n" + s.output())
}

func (s *server) output() string {
	b, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return string(b[max(0, len(b)-3000):])
}

// stop ends the server and removes what it has.
func (s *server) stop() {
	s.halt()
	_ = os.RemoveAll(s.dir)
}

// halt ends the server at once, as a crash would: sessions are not waited for.
func (s *server) halt() {
	if s.ended != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		<-s.ended
		s.ended = nil
	}
}
