package main

import (
	"fmt"
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
	database string
	command  string
	mu       sync.Mutex
	dir      string
	client   *warehouse.Client // of one connection: a backup in memory is its session's
	err      error
}

// preparedShops are where pages begin, by what they call it.
var preparedShops = map[string]*preparedShop{
	inLoaded: {database: "prepared_loaded", command: "tiendi init && tiendi generate --days 10 --events 3000 && tiendi load data"},
	inBuilt:  {database: "prepared_built", command: "tiendi init && tiendi generate --days 10 --events 3000 && tiendi load data && tiendi build"},
}

const preparedBackup = "Memory('prepared')"

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
	if _, err := p.client.Exec(t.Context(), "RESTORE DATABASE "+p.database+" AS "+warehouse.Ident(database)+" FROM "+preparedBackup); err != nil {
		t.Fatal(err)
	}
}

// prepare fills a database, and keeps it as a backup in memory.
func (p *preparedShop) prepare(t *testing.T) error {
	engine := sharedEngine(t)
	dir := filepath.Join(engine.stateDir, p.database) // gone with the engine
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	shell := exec.CommandContext(t.Context(), "bash", "-c", p.command)
	shell.Dir = dir
	shell.Env = append(readerEnvironment(t, engine), onShared(engine, p.database)...)
	if out, err := shell.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	config := engine.config
	config.MaxOpenConns = 1
	var err error
	if p.client, err = warehouse.Open(t.Context(), config); err != nil {
		return err
	}
	for _, sql := range []string{"BACKUP DATABASE " + p.database + " TO " + preparedBackup, "DROP DATABASE " + p.database + " SYNC"} {
		if _, err := p.client.Exec(t.Context(), sql); err != nil {
			return err
		}
	}
	p.dir = dir
	return nil
}
