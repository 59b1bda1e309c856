package oltp

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Options say how a shop is changed.
type Options struct {
	Rate int           // rows a second, about
	For  time.Duration // how long
	Now  func() time.Time
	// Progress is told how many rows have changed so far.
	Progress func(rows int64)
}

// Changed counts what was done.
type Changed struct {
	Rows          int64 `json:"rows"`
	Transactions  int64 `json:"transactions"`
	Orders        int64 `json:"orders"`        // placed
	Statuses      int64 `json:"statuses"`      // orders that went on, or were cancelled
	Prices        int64 `json:"prices"`        // of products, and deliveries to their stock
	Users         int64 `json:"users"`         // signed up
	Products      int64 `json:"products"`      // taken off the shelf, another in its place
	Subscriptions int64 `json:"subscriptions"` // changed
}

const (
	// step is how often the shop catches up with its rate.
	step = 50 * time.Millisecond
	// most is how many things are done in a transaction.
	most = 25
	// known are ids of each table that the shop draws from.
	known = 20_000
)

// keeper is the shop at work. Its ids are new in every run: they are no part of the
// generation, which is the same for the same seed.
type keeper struct {
	conn     *pgx.Conn
	random   *rand.Rand
	now      func() time.Time
	users    []uuid.UUID
	products []product
	open     []order // not delivered yet
	done     Changed
}

type product struct {
	id, store uuid.UUID
	cents     int64
}

type order struct {
	id     uuid.UUID
	status int // index into statuses
}

// statuses an order goes through.
var statuses = [...]string{"PENDIENTE", "CONFIRMADO", "PREPARANDO", "ENVIADO", "ENTREGADO"}

// Change changes rows as a shop does, at a rate, until the time is over or the context
// ends.
func Change(ctx context.Context, conn *pgx.Conn, o Options) (Changed, error) {
	k := &keeper{conn: conn, random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), now: o.Now}
	if err := k.look(ctx); err != nil {
		return k.done, fmt.Errorf("source database: %w", err)
	}
	tick := time.NewTicker(step)
	defer tick.Stop()
	began := o.Now()
	for {
		elapsed := o.Now().Sub(began)
		due := int64(float64(o.Rate) * min(elapsed, o.For).Seconds())
		for k.done.Rows < due && ctx.Err() == nil {
			// Whoever is behind does several things in a transaction.
			if err := k.act(ctx, int(min(1+(due-k.done.Rows)/20, most))); err != nil {
				return k.done, k.ended(ctx, err)
			}
			if o.Now().Sub(began) > o.For+step { // it is more than the database can do
				break
			}
		}
		o.Progress(k.done.Rows)
		if elapsed >= o.For {
			return k.done, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return k.done, nil
		}
	}
}

// ended makes of an error that is the context's end the end.
func (k *keeper) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("source database: %w", err)
}

// look reads what there is to change.
func (k *keeper) look(ctx context.Context) error {
	rows, err := k.conn.Query(ctx, "SELECT id FROM users ORDER BY created_at DESC LIMIT $1", known)
	if err != nil {
		return err
	}
	if k.users, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return err
	}
	rows, err = k.conn.Query(ctx, "SELECT id, store_id, (price * 100)::int8 FROM products ORDER BY updated_at DESC LIMIT $1", known)
	if err != nil {
		return err
	}
	k.products, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p product, err error) {
		return p, row.Scan(&p.id, &p.store, &p.cents)
	})
	if err != nil {
		return err
	}
	if len(k.users) == 0 || len(k.products) == 0 {
		return fmt.Errorf("there are %d users and %d products, and an order needs one of each", len(k.users), len(k.products))
	}
	rows, err = k.conn.Query(ctx, "SELECT id, array_position($1, status) - 1 FROM orders WHERE status = ANY($2) ORDER BY created_at DESC LIMIT $3",
		statuses[:], statuses[:len(statuses)-1], known)
	if err != nil {
		return err
	}
	k.open, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o order, err error) {
		return o, row.Scan(&o.id, &o.status)
	})
	return err
}

// act does so many things in one transaction.
func (k *keeper) act(ctx context.Context, things int) error {
	b := &pgx.Batch{}
	for range things {
		k.deed()(b)
	}
	tx, err := k.conn.Begin(ctx)
	if err != nil {
		return err
	}
	results := tx.SendBatch(ctx, b)
	for range b.Len() {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // the transaction is over anyhow
			return err
		}
		k.done.Rows += tag.RowsAffected()
	}
	k.done.Transactions++
	if err := results.Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// deed draws what a shop does next.
func (k *keeper) deed() func(*pgx.Batch) {
	roll := k.random.IntN(1000)
	switch {
	case roll < 450 || len(k.open) == 0:
		return k.place
	case roll < 850:
		return k.advance
	case roll < 950:
		return k.reprice
	case roll < 985:
		return k.signUp
	case roll < 995:
		return k.replace
	}
	return k.subscribe
}
