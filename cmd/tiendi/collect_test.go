package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestCollect: what the command answers 202 is in the embedded broker's log, and
// the first SIGTERM ends it with exit code 0.
func TestCollect(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	s.write(t, "events/coupon_used.json", `{"$ref": "tiendi/base.json#/$defs/server_event", "properties": {"properties": {"required": ["code"]}}}`)
	cmd := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir())
	url := startServer(t, cmd)
	id := uuid.NewString()
	body := `{"event_id":"` + id + `","event_type":"coupon_used","timestamp":"2026-11-20T10:00:00Z","properties":{"code":"x"}}`
	response, err := http.Post(url+"/v1/events", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusAccepted || !strings.Contains(string(text), `"accepted":1`) {
		t.Fatalf("got %d %s", response.StatusCode, text)
	}
	if !inLog(t, id) {
		t.Error("the event is not in the log")
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the collector ended with %v", err)
	}
}

// TestCollectWithoutBroker: the collector starts while RabbitMQ is away, and
// keeps events in its spool.
func TestCollectWithoutBroker(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	spool := t.TempDir()
	cmd := s.command("collect", "--listen", "127.0.0.1:0", "--spool", spool)
	cmd.Env = append(cmd.Environ(), "TIENDI_BROKER_URL=amqp://127.0.0.1:1")
	url := startServer(t, cmd)
	body := `{"event_type":"user_signed_up","timestamp":"2026-11-20T10:00:00Z","properties":{}}`
	response, err := http.Post(url+"/v1/events", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		t.Errorf("got %d", response.StatusCode)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the collector ended with %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(spool, record.TopicRaw, "*", "*.spool")); len(files) != 1 {
		t.Errorf("the spool holds %v", files)
	}
}

// startServer starts a command and gives the URL that it names.
func startServer(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		if url := regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text()); url != "" {
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return url
		}
	}
	t.Fatalf("the server does not say where it listens: %s", strings.Join(said, "\n"))
	return ""
}

// inLog looks for an event in the log of the engine that the tests share.
func inLog(t *testing.T, id string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	b, err := embedded.Connect(sharedEngine(t).lease.Broker(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for p := range 8 {
		log, err := b.Open(ctx, record.TopicRaw, p)
		if err != nil {
			t.Fatal(err)
		}
		bounds, err := log.Bounds(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for next := bounds.First; next < bounds.Next; {
			cursor, err := log.Read(ctx, next)
			if err != nil {
				t.Fatal(err)
			}
			m, err := cursor.Next(ctx)
			if err = errors.Join(err, cursor.Close()); err != nil {
				t.Fatal(err)
			}
			if m.Kind == broker.KindBatch && strings.Contains(string(m.Body), id) {
				return true
			}
			next = m.Offset + 1
		}
	}
	return false
}
