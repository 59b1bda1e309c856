package oltp

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// cents writes an amount as PostgreSQL takes it.
func cents(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

func (k *keeper) at() time.Time { return k.now().UTC().Truncate(time.Millisecond) }

// place puts an order of one to three products of a store, which leave the shelf.
func (k *keeper) place(b *pgx.Batch) {
	first := k.products[k.random.IntN(len(k.products))]
	lines := []product{first}
	for range k.random.IntN(3) {
		if p := k.products[k.random.IntN(len(k.products))]; p.store == first.store && p.id != first.id && len(lines) == 1 {
			lines = append(lines, p)
		}
	}
	o := order{id: uuid.New()}
	subtotal, fee, at := int64(0), int64(k.random.IntN(10))*50, k.at()
	for _, p := range lines {
		quantity := int64(1 + k.random.IntN(3))
		subtotal += p.cents * quantity
		b.Queue("INSERT INTO order_items (id, order_id, product_id, quantity, price, subtotal, updated_at) VALUES ($1, $2, $3, $4, $5::text::numeric, $6::text::numeric, $7)",
			uuid.New(), o.id, p.id, quantity, cents(p.cents), cents(p.cents*quantity), at)
		b.Queue("UPDATE products SET stock = greatest(0, stock - $2), updated_at = $3 WHERE id = $1", p.id, quantity, at)
	}
	method := [...]string{"credit_card", "debit_card", "bank_transfer", "wallet", "cash"}[k.random.IntN(5)]
	b.Queue("INSERT INTO orders (id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at) "+
		"VALUES ($1, $2, $3, $4, $5::text::numeric, $6::text::numeric, $7::text::numeric, $8, $9, $9)",
		o.id, first.store, k.users[k.random.IntN(len(k.users))], statuses[0], cents(subtotal), cents(fee), cents(subtotal+fee), method, at)
	k.done.Orders++
	if len(k.open) < known {
		k.open = append(k.open, o)
	} else {
		k.open[k.random.IntN(known)] = o
	}
}

// advance moves an order on, or cancels it.
func (k *keeper) advance(b *pgx.Batch) {
	i := k.random.IntN(len(k.open))
	o := &k.open[i]
	o.status++
	name := statuses[o.status]
	if k.random.IntN(15) == 0 {
		name = "CANCELADO"
	}
	b.Queue("UPDATE orders SET status = $2, updated_at = $3 WHERE id = $1", o.id, name, k.at())
	k.done.Statuses++
	if name == "CANCELADO" || o.status == len(statuses)-1 {
		k.open[i] = k.open[len(k.open)-1]
		k.open = k.open[:len(k.open)-1]
	}
}

// reprice gives a product another price or more stock.
func (k *keeper) reprice(b *pgx.Batch) {
	p := &k.products[k.random.IntN(len(k.products))]
	k.done.Prices++
	if k.random.IntN(3) > 0 {
		b.Queue("UPDATE products SET stock = stock + 50, updated_at = $2 WHERE id = $1", p.id, k.at())
		return
	}
	p.cents = max(100, p.cents*int64(80+k.random.IntN(45))/100)
	b.Queue("UPDATE products SET price = $2::text::numeric, updated_at = $3 WHERE id = $1", p.id, cents(p.cents), k.at())
}

func (k *keeper) signUp(b *pgx.Batch) {
	id, at := uuid.New(), k.at()
	// A neighbour's city: it is one that the shop serves.
	b.Queue("INSERT INTO users (id, city, state, created_at, updated_at) SELECT $1, city, state, $2, $2 FROM users WHERE id = $3",
		id, at, k.users[k.random.IntN(len(k.users))])
	k.users[k.random.IntN(len(k.users))] = id
	k.done.Users++
}

// replace takes a product off the shelf and puts one like it in its place.
func (k *keeper) replace(b *pgx.Batch) {
	p := &k.products[k.random.IntN(len(k.products))]
	id, at := uuid.New(), k.at()
	b.Queue("INSERT INTO products (id, store_id, name, category, price, stock, created_at, updated_at) "+
		"SELECT $1, store_id, name, category, price, 100, $2, $2 FROM products WHERE id = $3", id, at, p.id)
	b.Queue("DELETE FROM products WHERE id = $1", p.id)
	p.id = id
	k.done.Products++
}

// subscribe moves a store to another plan.
func (k *keeper) subscribe(b *pgx.Batch) {
	plan, fee := "pro", "29.00"
	if k.random.IntN(2) == 0 {
		plan, fee = "premium", "99.00"
	}
	store, at := k.products[k.random.IntN(len(k.products))].store, k.at()
	b.Queue("UPDATE subscriptions SET ended_at = $2, updated_at = $2 WHERE store_id = $1 AND ended_at IS NULL AND started_at < $2", store, at)
	b.Queue("INSERT INTO subscriptions (store_id, plan, monthly_fee, started_at, updated_at) VALUES ($1, $2, $3::text::numeric, $4, $4) ON CONFLICT DO NOTHING",
		store, plan, fee, at)
	b.Queue("UPDATE stores SET plan = $2, updated_at = $3 WHERE id = $1", store, plan, at)
	k.done.Subscriptions++
}
