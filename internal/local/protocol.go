package local

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// protocol is raised when commands and supervisors stop understanding each other.
const protocol = 3

// maxLine bounds one message in bytes.
const maxLine = 1 << 20

// What a command may ask for.
const (
	opLease  = "lease"  // the services, until the connection closes
	opPin    = "pin"    // the services, until opDown
	opStatus = "status" // how things are
	opDown   = "down"   // stop when nothing runs; with Force at once
)

// request is the one line that a command sends.
type request struct {
	Protocol int
	Token    string
	Op       string
	Force    bool
	PID      int
	Command  string // for people, in status
	Version  string // the command's build of tiendi
	Engine   string // the engine and settings it would have started
}

// event is one line of the answer. The last one has anything but Progress.
type event struct {
	Progress  string            `json:",omitempty"`
	Error     string            `json:",omitempty"`
	Retry     bool              `json:",omitempty"` // this supervisor stops; start another
	Warehouse *warehouse.Config `json:",omitempty"`
	Broker    *embedded.Config  `json:",omitempty"`
	Redis     string            `json:",omitempty"` // its URL
	Status    *Status           `json:",omitempty"`
	Stopped   bool              `json:",omitempty"`
}

// address is what the supervisor leaves in the state folder for commands.
type address struct {
	Protocol int
	PID      int
	Socket   string
	Token    string
}

// write replaces the file at once.
func (a address) write(path string) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("supervisor address: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".supervisor-*")
	if err != nil {
		return fmt.Errorf("supervisor address: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(b)
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("supervisor address: %w", err)
	}
	return nil
}

func readAddress(path string) (address, error) {
	var a address
	b, err := os.ReadFile(path)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

func send(w io.Writer, message any) error {
	b, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// lines reads messages from a connection, none longer than maxLine.
type lines struct{ scanner *bufio.Scanner }

func newLines(r io.Reader) lines {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	return lines{scanner: s}
}

func (l lines) next(message any) error {
	if !l.scanner.Scan() {
		if err := l.scanner.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	return json.Unmarshal(l.scanner.Bytes(), message)
}
