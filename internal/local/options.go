package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

const (
	defaultIdle = 60 * time.Second
	// startTimeout bounds how long a command waits for the services, not counting
	// the download. An engine that is still merging takes seconds to leave.
	startTimeout = 90 * time.Second
)

// Options says where local services live and how they run.
type Options struct {
	// StateDir holds data, logs, lock and address. It is made for the user only.
	StateDir string
	// MemoryLimit bounds the engine: "2GB", "512MiB", "0" or "" for nine tenths
	// of the host's.
	MemoryLimit string
	// Idle is how long the services stay without any use; 0 for one minute.
	Idle time.Duration
	// Version is this build of tiendi.
	Version string
	// CacheDir is where engines are installed; "" for the user's cache.
	CacheDir string
	// Command starts this program as the supervisor; nil for its hidden command.
	Command []string
	// Progress is told what is being waited for; nil for nobody.
	Progress func(string)
}

func (o Options) withDefaults() (Options, error) {
	if o.StateDir == "" {
		return o, errors.New("local services: no state folder given")
	}
	dir, err := filepath.Abs(o.StateDir)
	if err != nil {
		return o, fmt.Errorf("local services: %w", err)
	}
	o.StateDir = dir
	if o.Idle == 0 {
		o.Idle = defaultIdle
	}
	if o.CacheDir == "" {
		if o.CacheDir, err = embedded.DefaultCacheDir(); err != nil {
			return o, err
		}
	}
	if o.Command == nil {
		if o.Command, err = embedded.SelfCommand(SupervisorCommand); err != nil {
			return o, err
		}
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if _, err := ParseBytes(o.MemoryLimit); err != nil {
		return o, fmt.Errorf("memory limit: %w", err)
	}
	return o, o.makeStateDir()
}

// makeStateDir also takes the folder back from group and others: it holds the
// engine's data and the supervisor's token.
func (o Options) makeStateDir() error {
	if err := os.MkdirAll(o.StateDir, 0o700); err != nil {
		return fmt.Errorf("state folder: %w", err)
	}
	info, err := os.Stat(o.StateDir)
	if err != nil {
		return fmt.Errorf("state folder: %w", err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(o.StateDir, 0o700); err != nil {
		return fmt.Errorf("state folder is open to others: %w", err)
	}
	return nil
}

func (o Options) lockFile() string    { return filepath.Join(o.StateDir, "supervisor.lock") }
func (o Options) startFile() string   { return filepath.Join(o.StateDir, "start.lock") }
func (o Options) addressFile() string { return filepath.Join(o.StateDir, "supervisor.json") }
func (o Options) logFile() string     { return filepath.Join(o.StateDir, "supervisor.log") }

// ParseBytes reads "2GB" (powers of 1000), "512MiB" (of 1024) or plain bytes.
// "" is 0.
func ParseBytes(s string) (uint64, error) {
	number := strings.TrimRight(strings.TrimSpace(s), "KMGTiBkmgtb ")
	unit := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), number)))
	if number == "" && unit == "" {
		return 0, nil
	}
	factors := map[string]float64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
		"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
		"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
	}
	n, err := strconv.ParseFloat(number, 64)
	factor, ok := factors[unit]
	if err != nil || !ok || !(n >= 0) || n*factor > 1<<60 {
		return 0, fmt.Errorf("%q is not a size; write it like 2GB or 512MiB", s)
	}
	return uint64(n * factor), nil
}
