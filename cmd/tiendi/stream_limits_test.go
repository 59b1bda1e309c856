package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// TestStreamLimits: a worker says how much Redis had no place for, and removes from
// PostgreSQL what is older than live_days.
func TestStreamLimits(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	s.edit(t, "dbt_project.yml", "live_days: 0", "live_days: 30")
	redis, postgres := "unix://"+cachetest.Start(t), postgrestest.Database(t)
	on := func(cmd *exec.Cmd) *exec.Cmd {
		cmd.Env = append(cmd.Environ(), "TIENDI_REDIS_URL="+redis, "TIENDI_POSTGRES_URL="+postgres)
		return cmd
	}
	if out, err := on(s.command("stream", "--once")).CombinedOutput(); err != nil {
		t.Fatalf("stream --once: %v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	db, err := pgx.Connect(ctx, postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	for age := range 60 {
		const row = `insert into tiendi.live_minute values ($1, 'store', now() - make_interval(days => $2), $1, '', 0, 1, 0, 0, 0, 0, 0, null, 0)`
		if _, err := db.Exec(ctx, row, uuid.NewString(), age); err != nil {
			t.Fatal(err)
		}
	}
	url, stop := startCollector(t, s)
	var lines [][]byte
	store, session := uuid.NewString(), uuid.NewString()
	for n := range 300 {
		v := newVisit("").with(`{"page_type":"store","store_id":"` + store + `"}`)
		v.session, v.url = session, fmt.Sprintf(`"https://shop.example/?utm_source=made+up+%d"`, n)
		lines = append(lines, []byte(v.String()))
	}
	post(t, url, lines, 300)
	stop()
	worker := on(s.command("stream", "--listen", "127.0.0.1:0"))
	address := startServer(t, worker)
	omitted := regexp.MustCompile(`(?m)^tiendi_stream_redis_omitted_total\{why="full"\} [1-9]`)
	other := regexp.MustCompile(`(?m)^tiendi_stream_other_total\{partition="0",stage="aggregate"\} 0$`)
	var rows int
	for end := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		text := metricsOf(t, address)
		if err := db.QueryRow(ctx, "select count(*) from tiendi.live_minute where revision = 0").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows == 30 && omitted.MatchString(text) && other.MatchString(text) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d old rows are left; metrics:\n%s", rows, regexp.MustCompile(`(?m)^tiendi_stream_.*`).FindAllString(text, -1))
		}
	}
	terminate(t, worker)
}

func metricsOf(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
