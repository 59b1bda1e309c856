package cdc_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

const chaosTables = `
	CREATE TABLE plain (a int, b text, v int, note text, PRIMARY KEY (b, a));
	CREATE TABLE toasted (id int PRIMARY KEY, v int, big text);
	ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL;
	CREATE TABLE whole (id int PRIMARY KEY, v int, big text);
	ALTER TABLE whole ALTER big SET STORAGE EXTERNAL;
	ALTER TABLE whole REPLICA IDENTITY FULL;
	INSERT INTO plain SELECT n, 'k' || n % 7, n, 'note ' || n FROM generate_series(1, 4000) n;
	INSERT INTO toasted SELECT n, n, repeat(md5(n::text), 100) FROM generate_series(1, 1500) n;
	INSERT INTO whole SELECT n, n, repeat(md5(n::text), 100) FROM generate_series(1, 500) n;`

// scribble makes one random change.
func scribble(r *rand.Rand) string {
	n := r.IntN(4000)
	table := []string{"toasted", "whole"}[r.IntN(2)]
	switch roll := r.IntN(1000); {
	case roll < 200:
		return fmt.Sprintf("INSERT INTO plain VALUES (%d, 'k%d', %d, E'tab\\tline\\n') ON CONFLICT DO NOTHING", 4000+n, r.IntN(7), n)
	case roll < 400:
		return fmt.Sprintf("UPDATE plain SET v = v + 1, note = NULLIF(note, 'note %d') WHERE a BETWEEN %d AND %d", n, n, n+r.IntN(20))
	case roll < 480:
		return fmt.Sprintf("DELETE FROM plain WHERE a BETWEEN %d AND %d", n, n+r.IntN(4))
	case roll < 560:
		return fmt.Sprintf("UPDATE plain SET b = 'k%d' || a WHERE a = %d AND b NOT LIKE 'k%%%d%d'", r.IntN(9), n, n, n)
	case roll < 700:
		return fmt.Sprintf("UPDATE %s SET v = v + 1 WHERE id BETWEEN %d AND %d", table, n%1500, n%1500+r.IntN(20))
	case roll < 780:
		return fmt.Sprintf("UPDATE %s SET big = repeat(md5('%d'), 100) WHERE id = %d", table, r.Int(), n%1500)
	case roll < 850:
		return fmt.Sprintf("INSERT INTO %s VALUES (%d, 0, repeat(md5('%d'), 90)) ON CONFLICT DO NOTHING", table, n, r.Int())
	case roll < 900:
		return fmt.Sprintf("DELETE FROM %s WHERE id = %d", table, n)
	case roll < 960:
		return fmt.Sprintf("UPDATE %s SET id = %d WHERE id = %d AND NOT EXISTS (SELECT FROM %s WHERE id = %d)", table, 5000+n, n, table, 5000+n)
	case roll < 963:
		return "TRUNCATE " + table
	}
	return fmt.Sprintf("UPDATE plain SET v = -v WHERE a %% 50 = %d", n%50)
}

// write makes random transactions until the context ends, and outlives the server's
// restarts.
func write(ctx context.Context, url string, seed uint64) (transactions int) {
	r := rand.New(rand.NewPCG(seed, 1))
	var db *pgx.Conn
	for ctx.Err() == nil {
		if db == nil || db.IsClosed() {
			var err error
			if db, err = pgx.Connect(ctx, url); err != nil {
				time.Sleep(50 * time.Millisecond)
				continue
			}
		}
		statements := []string{}
		for range 1 + r.IntN(5) {
			statements = append(statements, scribble(r))
		}
		end := "COMMIT"
		if r.IntN(10) == 0 {
			end = "ROLLBACK"
		}
		// Deadlocks and doubled keys undo a transaction, which is as good as any.
		_, err := db.Exec(ctx, "BEGIN; "+strings.Join(statements, "; ")+"; "+end, pgx.QueryExecModeSimpleProtocol)
		if err != nil && !db.IsClosed() {
			_, _ = db.Exec(ctx, "ROLLBACK", pgx.QueryExecModeSimpleProtocol)
		}
		transactions++
	}
	if db != nil {
		_ = db.Close(context.Background())
	}
	return transactions
}

// mirrorKilled is a process that mirrors.
type mirrorKilled struct{ *exec.Cmd }

func (s *shop) process() mirrorKilled {
	s.Helper()
	cmd := exec.Command(os.Args[0], mirrorRole, s.url, s.server.Config().Addr, s.state, strings.Join(s.tables, ","))
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.Fatal(err)
	}
	cmd.Stderr = s.Output()
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.Logf("process %d: %s", cmd.Process.Pid, lines.Text())
		}
	}()
	return mirrorKilled{cmd}
}

// TestKillsUnderAWriter mirrors three tables while writers change them at random, from
// before the snapshot on, and the mirroring process is killed at random moments, and
// PostgreSQL, and the log is restarted. In the end the log has what the database has, row for row.
func TestKillsUnderAWriter(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	s := newShopAt(t, server.URL(server.Addr()), chaosTables, "plain", "toasted", "whole")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writers sync.WaitGroup
	for i := range uint64(2) {
		writers.Go(func() { t.Logf("a writer made %d transactions", write(ctx, s.url, seed+i)) })
	}
	for range chaos.Rounds(t, 2) {
		p := s.process()
		time.Sleep(time.Duration(50+random.IntN(1500)) * time.Millisecond)
		switch random.IntN(4) {
		case 0:
			server.Kill()
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		case 1:
			s.restartLog(func() { time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond) })
			time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		}
		_ = p.Process.Kill()
		_ = p.Wait()
	}
	last := s.process()
	time.Sleep(500 * time.Millisecond)
	stop()
	writers.Wait()
	if err := last.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := last.Wait(); err != nil {
		t.Errorf("the mirroring ended with %v", err)
	}
	s.db = s.connect(s.url)
	s.once()
	got := s.replay()
	s.compare(got, "public.plain", "a", "b")
	s.compare(got, "public.toasted", "id")
	s.compare(got, "public.whole", "id")
	t.Logf("%d changes in the log", len(s.changes()))
}
