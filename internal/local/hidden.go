package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// Hidden commands of the tiendi program; RunHidden serves them.
const (
	SupervisorCommand = "__supervisor"
	EngineCommand     = "__engine"
)

// RunHidden serves the hidden commands and returns their exit code. handled is
// false if args, without the program's name, are not one of them. Call it before
// anything else: an engine must not wait for the command line of people.
func RunHidden(args []string, stderr io.Writer) (code int, handled bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch args[0] {
	case EngineCommand:
		return embedded.Main(args[1:], stderr), true
	case SupervisorCommand:
		if err := supervise(args[1:]); err != nil {
			_, _ = fmt.Fprintln(stderr, err)
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// supervise is the supervisor's whole life.
func supervise(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one argument", SupervisorCommand)
	}
	var spec launchSpec
	if err := json.Unmarshal([]byte(args[0]), &spec); err != nil {
		return fmt.Errorf("%s: %w", SupervisorCommand, err)
	}
	o := Options{StateDir: spec.StateDir}
	wait, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	lock, err := embedded.LockFile(wait, o.lockFile())
	if err != nil {
		return err
	}
	defer lock.Unlock()
	out, err := embedded.OpenLog(o.logFile())
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	engineLog, err := embedded.OpenLog(filepath.Join(spec.StateDir, "engine.log"))
	if err != nil {
		return err
	}
	defer func() { _ = engineLog.Close() }()
	engine, err := newEngineService(spec, engineLog)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(out, nil)).With("pid", os.Getpid())
	log.Info("started", "version", spec.Version, "library", spec.Library.Path)
	return newSupervisor(spec, lock, engine, log).run(context.Background(), o)
}
