package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/local"
)

// field is the text of a member of a line.
func field(line []byte, name string) []byte {
	_, rest, _ := bytes.Cut(line, []byte(`"`+name+`":"`))
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	return text
}

// postRefused sends what is no event, which the collector keeps as rejected.
func postRefused(t *testing.T, url string, line []byte) {
	t.Helper()
	response, err := http.Post(url+"/v1/events", "application/x-ndjson", bytes.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if _ = response.Body.Close(); err != nil || !bytes.Contains(body, []byte(`"accepted":0`)) {
		t.Errorf("an event that is none: %d, %s (%v)", response.StatusCode, body, err)
	}
}

// killEngine kills the engine while a command is at work, which then fails.
func (s *shop) killEngine(t *testing.T, env []string, args ...string) {
	t.Helper()
	cmd := s.command(args...)
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the command to change tables", func() bool {
		rows, err := s.engine.client.QueryJSON(t.Context(), "select count() as n from system.mutations where database = '"+s.database+"' and position(command, 'tiendi_forget') > 0 having n > 2", 0)
		return err == nil && len(rows) > 0
	})
	status, err := local.ReadStatus(t.Context(), s.engine.options)
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range status.Services {
		if service.Name == "engine" {
			err = syscall.Kill(service.PID, syscall.SIGKILL)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != exitUsage || strings.Contains(out.String(), "panic") {
		t.Errorf("the command whose engine was killed ended with %v:\n%s", err, out.String())
	}
	eventually(t, "the engine to be back", func() bool {
		_, err := s.engine.client.Exec(t.Context(), "SELECT 1")
		return err == nil
	})
}

// redisSays wants no key, member or value of Redis to have a text.
func redisSays(t *testing.T, socket string, texts []string) {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: socket})
	defer func() { _ = client.Close() }()
	keys, err := client.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, key := range keys {
		value, err := client.Dump(t.Context(), key).Result()
		members, _ := client.ZRange(t.Context(), key, 0, -1).Result() // an error is of another type of key
		for _, text := range texts {
			if err != nil || strings.Contains(key+value+strings.Join(members, " "), text) {
				t.Errorf("%s has %s (%v)", key, text, err)
			}
		}
	}
}

// postgresSays wants no row of tiendi's tables in PostgreSQL to have a text.
func postgresSays(t *testing.T, url string, texts []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	rows, err := db.Query(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'tiendi' AND table_type = 'BASE TABLE' AND table_name != 'checkpoint_chunks'")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 4 {
		t.Fatalf("%v, %v", tables, err)
	}
	for _, table := range tables {
		for _, text := range texts {
			var n int
			if err := db.QueryRow(ctx, "SELECT count(*) FROM tiendi."+table+" AS t WHERE t::text LIKE '%"+text+"%'").Scan(&n); err != nil || n > 0 {
				t.Errorf("%s has %s %d times (%v)", table, text, n, err)
			}
		}
	}
}
