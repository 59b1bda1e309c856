package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// ports is what the engine writes once it listens.
type ports struct {
	TCP  int `json:"tcp"`
	HTTP int `json:"http"`
}

func portsFile(dir string) string { return filepath.Join(dir, "ports.json") }

// readPorts reports false until the file is there and whole.
func readPorts(dir string) (ports, bool) {
	var p ports
	b, err := os.ReadFile(portsFile(dir))
	if err != nil || json.Unmarshal(b, &p) != nil {
		return ports{}, false
	}
	return p, p.TCP > 0 && p.HTTP > 0
}

// ready waits for the ports, logs in, and makes the database.
func (e *Engine) ready(ctx context.Context) error {
	if err := e.waitPorts(ctx); err != nil {
		return err
	}
	cfg := e.Config()
	cfg.Database = ""
	c, err := warehouse.Open(ctx, cfg)
	if err != nil {
		return fmt.Errorf("engine started but does not answer: %w", err)
	}
	defer func() { _ = c.Close() }()
	create := "CREATE DATABASE IF NOT EXISTS " + warehouse.Ident(Database) + " ENGINE = Atomic"
	if _, err := c.Exec(ctx, create); err != nil {
		return fmt.Errorf("create database %s: %w", Database, err)
	}
	return nil
}

func (e *Engine) waitPorts(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if p, ok := readPorts(e.dir); ok {
				e.ports = p
				return nil
			}
		case <-e.done:
			return e.startError()
		case <-ctx.Done():
			return fmt.Errorf("the engine did not start in time%s", e.log.tailText())
		}
	}
}

// startError reads from the log why the engine ended before it listened. The
// exit code says nothing: it is 0 also when the folder is held by another engine.
func (e *Engine) startError() error {
	tail := e.log.Tail()
	switch {
	case strings.Contains(tail, "CANNOT_OPEN_FILE") && strings.Contains(tail, "Cannot lock file"),
		strings.Contains(tail, "Code: 76."):
		return fmt.Errorf("%w%s", errPathBusy, e.log.tailText())
	case strings.Contains(tail, "Syntax error") && strings.Contains(tail, "LISTEN"):
		return fmt.Errorf("this engine is too old to serve; need release %s%s", Version, e.log.tailText())
	}
	return fmt.Errorf("the engine did not start (%s)%s", e.cmd.ProcessState, e.log.tailText())
}
