package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// preparedShop is a folder and a database that a command has filled once, of which every
// test gets a copy.
type preparedShop struct {
	command string
	mu      sync.Mutex
	dir     string
	client  *warehouse.Client // of one connection: a backup in memory is its session's
	err     error
}

// preparedShops are where pages begin, by what they call it.
var preparedShops = map[string]*preparedShop{
	inLoaded: {command: "tiendi init && tiendi generate --days 10 --events 3000 && tiendi load data"},
	inBuilt:  {command: "tiendi init && tiendi generate --days 10 --events 3000 && tiendi load data && tiendi build"},
}

const preparedDatabase, preparedBackup = "prepared", "Memory('prepared')"

// copyTo fills a folder and a database.
func (p *preparedShop) copyTo(t *testing.T, dir, database string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dir == "" && p.err == nil {
		p.err = p.prepare(t)
	}
	if p.err != nil {
		t.Fatalf("%s: %v", p.command, p.err)
	}
	if err := os.CopyFS(dir, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.client.Exec(t.Context(), "RESTORE DATABASE "+preparedDatabase+" AS "+warehouse.Ident(database)+" FROM "+preparedBackup); err != nil {
		t.Fatal(err)
	}
}

// prepare fills a database, and keeps it as a backup in memory.
func (p *preparedShop) prepare(t *testing.T) error {
	engine := sharedEngine(t)
	dir := filepath.Join(engine.stateDir, "prepared", filepath.Base(t.Name())) // gone with the engine
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	shell := exec.CommandContext(t.Context(), "bash", "-c", p.command)
	shell.Dir = dir
	shell.Env = append(os.Environ(), "HOME="+t.TempDir(), "TIENDI_ENGINE_LIBRARY="+engine.library, "CI=true",
		"TIENDI_STATE_DIR="+engine.stateDir, "TIENDI_WAREHOUSE_DATABASE="+preparedDatabase)
	if out, err := shell.CombinedOutput(); err != nil {
		return &exec.Error{Name: string(out), Err: err}
	}
	config := engine.config
	config.MaxOpenConns = 1
	var err error
	if p.client, err = warehouse.Open(t.Context(), config); err != nil {
		return err
	}
	for _, sql := range []string{"BACKUP DATABASE " + preparedDatabase + " TO " + preparedBackup, "DROP DATABASE " + preparedDatabase + " SYNC"} {
		if _, err := p.client.Exec(t.Context(), sql); err != nil {
			return err
		}
	}
	p.dir = dir
	return nil
}
