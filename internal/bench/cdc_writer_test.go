package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// scribbler changes a marketplace's tables at random, and outlives PostgreSQL's restarts.
type scribbler struct {
	url     string
	random  *rand.Rand
	pace    float64      // changes a second, while paced
	paced   *atomic.Bool // whether there is time
	goal    int64
	changes *atomic.Int64 // of rows, by all scribblers
	noted   *atomic.Bool  // orders have the column note
}

// run makes transactions until the context ends, which is an error, or until it is
// unpaced and the goal is reached.
func (s *scribbler) run(ctx context.Context) error {
	var db *pgx.Conn
	last := time.Now()
	for ctx.Err() == nil && (s.paced.Load() || s.changes.Load() < s.goal) {
		if db == nil || db.IsClosed() {
			var err error
			if db, err = pgx.Connect(ctx, s.url); err != nil {
				time.Sleep(50 * time.Millisecond)
				continue
			}
		}
		rows, err := s.transaction(ctx, db)
		if err != nil && !db.IsClosed() { // a deadlock or a doubled key
			_, err = db.Exec(ctx, "ROLLBACK")
			rows = 0
		}
		if err != nil {
			continue
		}
		s.changes.Add(rows)
		if s.paced.Load() { // one that wrote half a table does not rest for minutes
			rest := time.Duration(float64(rows) / s.pace * float64(time.Second))
			time.Sleep(time.Until(last.Add(min(rest, time.Second))))
			last = time.Now()
		}
	}
	if db != nil {
		_ = db.Close(context.WithoutCancel(ctx))
	}
	return ctx.Err()
}

// transaction is several statements, some of them in a savepoint that is undone, and
// sometimes all of it is.
func (s *scribbler) transaction(ctx context.Context, db *pgx.Conn) (rows int64, err error) {
	parts := []string{"BEGIN"}
	for range 1 + s.random.IntN(6) {
		parts = append(parts, s.deed())
	}
	if s.random.IntN(8) == 0 {
		parts = append(parts, "SAVEPOINT s", s.deed(), "ROLLBACK TO s", s.deed())
	}
	end := "COMMIT"
	if s.random.IntN(12) == 0 {
		end = "ROLLBACK"
	}
	results, err := db.PgConn().Exec(ctx, strings.Join(append(parts, end), ";\n")).ReadAll()
	for _, r := range results {
		if !r.CommandTag.Select() {
			rows += r.CommandTag.RowsAffected()
		}
	}
	if end == "ROLLBACK" {
		rows = 0
	}
	return rows, err
}

// deed is one thing that happens to the tables.
func (s *scribbler) deed() string {
	roll := s.random.IntN(1000)
	switch {
	case roll < 220:
		return s.place()
	case roll < 640:
		return s.update()
	case roll < 740:
		return s.large()
	case roll < 800:
		return s.subscription()
	case roll < 900:
		return "DELETE FROM " + s.few(s.table(), 3)
	case roll < 980:
		table := s.table()
		return fmt.Sprintf("UPDATE %s SET id = gen_random_uuid() WHERE id IN (SELECT id FROM %s)", table, s.few(table, 2))
	case roll < 998:
		return s.again()
	}
	return s.truncate()
}

// mirrorTables are those that have a column id.
var mirrorTables = []string{"users", "stores", "products", "orders", "order_items"}

func (s *scribbler) table() string { return mirrorTables[s.random.IntN(len(mirrorTables))] }

// few are up to n neighbours in a table, with its name before: … WHERE id IN (…).
func (s *scribbler) few(table string, n int) string {
	return fmt.Sprintf("%s WHERE id IN (SELECT id FROM %s WHERE id >= '%s' ORDER BY id LIMIT %d)", table, table, s.id(), 1+s.random.IntN(n))
}

func (s *scribbler) id() string {
	a, b := s.random.Uint64(), s.random.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

// money has two decimals, and may be large.
func (s *scribbler) money() string {
	n := s.random.Int64N(100_000)
	if s.random.IntN(20) == 0 {
		n = s.random.Int64N(1e17)
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// at is any moment: whoever changes a row has a clock of his own.
func (s *scribbler) at() string {
	return "'" + time.UnixMilli(1_470_000_000_000+s.random.Int64N(3e11)).UTC().Format("2006-01-02 15:04:05.000Z07:00") + "'"
}

func (s *scribbler) status() string {
	return [...]string{"'PENDIENTE'", "'CONFIRMADO'", "'ENVIADO'", "'ENTREGADO'", "'CANCELADO'"}[s.random.IntN(5)]
}

func (s *scribbler) place() string {
	order := s.id()
	text := fmt.Sprintf("INSERT INTO orders (id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at) VALUES ('%s', '%s', '%s', %s, %s, %s, %s, 'cash', %s, %s)",
		order, s.id(), s.id(), s.status(), s.money(), s.money(), s.money(), s.at(), s.at())
	for range s.random.IntN(3) {
		text += fmt.Sprintf(";\nINSERT INTO order_items VALUES ('%s', '%s', '%s', %d, %s, %s, %s)",
			s.id(), order, s.id(), 1+s.random.IntN(9), s.money(), s.money(), s.at())
	}
	if s.random.IntN(3) == 0 {
		text += fmt.Sprintf(";\nINSERT INTO users VALUES ('%s', 'Cuenca', 'A', %s, %s);\nINSERT INTO stores VALUES ('%s', 'Tienda', '', 'es', '', '', 0.1, 'basic', %s, %s)",
			s.id(), s.at(), s.at(), s.id(), s.at(), s.at())
	}
	return text
}
