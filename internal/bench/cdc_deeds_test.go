package bench

import (
	"fmt"
	"strings"
)

// update changes some rows of a table.
func (s *scribbler) update() string {
	switch s.random.IntN(7) {
	case 0:
		return fmt.Sprintf("UPDATE orders SET status = %s, total = %s, updated_at = %s WHERE id IN (SELECT id FROM %s)", s.status(), s.money(), s.at(), s.few("orders", 10))
	case 1:
		return fmt.Sprintf("UPDATE order_items SET quantity = quantity + 1, price = -%s, subtotal = %s WHERE id IN (SELECT id FROM %s)", s.money(), s.money(), s.few("order_items", 10))
	case 2: // its large name stays as it is
		return fmt.Sprintf("UPDATE products SET stock = stock - %d, updated_at = %s WHERE id IN (SELECT id FROM %s)", s.random.IntN(1000), s.at(), s.few("products", 20))
	case 3:
		odd := [...]string{"''", `E'tab\tline\nend\\'`, "'it''s'", "'Ñuñoa 🙂'", `'\N'`, "'NULL'"}[s.random.IntN(6)]
		return fmt.Sprintf("UPDATE users SET city = %s, updated_at = %s WHERE id IN (SELECT id FROM %s)", odd, s.at(), s.few("users", 10))
	case 4:
		return fmt.Sprintf("UPDATE stores SET commission_rate = %d.%06d, plan = 'p%d', updated_at = %s WHERE id IN (SELECT id FROM %s)",
			s.random.IntN(999), s.random.IntN(1_000_000), s.random.IntN(5), s.at(), s.few("stores", 5))
	case 5: // several times in one transaction
		id := s.id()
		one := fmt.Sprintf("UPDATE products SET price = price + 0.01 WHERE id = (SELECT id FROM products WHERE id >= '%s' ORDER BY id LIMIT 1)", id)
		return strings.Join([]string{one, one, one}, ";\n")
	}
	if !s.noted.Load() {
		return "UPDATE users SET state = 'XX' WHERE id IN (SELECT id FROM " + s.few("users", 3) + ")"
	}
	return fmt.Sprintf("UPDATE orders SET note = nullif('note %d', 'note 0') WHERE id IN (SELECT id FROM %s)", s.random.IntN(9), s.few("orders", 5))
}

// largeText is stored apart from its row: it has no repetitions that would be pressed out.
const largeText = "(SELECT string_agg(md5(%d::text || n), '') FROM generate_series(1, 120) AS n)"

// large writes texts that are stored apart from their rows.
func (s *scribbler) large() string {
	text := fmt.Sprintf(largeText, s.random.Int64N(1e9))
	if s.random.IntN(2) == 0 {
		return fmt.Sprintf("UPDATE products SET name = %s WHERE id IN (SELECT id FROM %s)", text, s.few("products", 3))
	}
	if s.random.IntN(4) == 0 {
		return fmt.Sprintf("UPDATE stores SET name = %s WHERE id IN (SELECT id FROM %s)", text, s.few("stores", 2))
	}
	return fmt.Sprintf("INSERT INTO products VALUES ('%s', '%s', %s, 'large', %s, 7, %s, %s)", s.id(), s.id(), text, s.money(), s.at(), s.at())
}

// subscription changes those rows whose key is of two columns, one of them a time.
func (s *scribbler) subscription() string {
	some := fmt.Sprintf("WHERE store_id IN (SELECT store_id FROM subscriptions WHERE store_id >= '%s' ORDER BY store_id LIMIT 3)", s.id())
	switch s.random.IntN(5) {
	case 0:
		return "UPDATE subscriptions SET ended_at = " + s.at() + " " + some
	case 1:
		return "UPDATE subscriptions SET ended_at = NULL, monthly_fee = " + s.money() + " " + some
	case 2:
		return fmt.Sprintf("UPDATE subscriptions SET started_at = started_at + interval '%d milliseconds' %s", 1+s.random.IntN(1e6), some)
	case 3:
		return "DELETE FROM subscriptions " + some
	}
	return fmt.Sprintf("INSERT INTO subscriptions VALUES ('%s', 'pro', %s, %s, NULL, %s), ('%s', 'pro', 0, %s, now(), now())", s.id(), s.money(), s.at(), s.at(), s.id(), s.at())
}

// aside keeps rows of a table for the rest of the transaction, takes them away, and puts
// them back.
const aside = "DROP TABLE IF EXISTS aside;\nCREATE TEMP TABLE aside ON COMMIT DROP AS SELECT * FROM %s;\n%s;\nINSERT INTO %s SELECT * FROM aside"

// again deletes rows and inserts them as they were.
func (s *scribbler) again() string {
	table := s.table()
	few := s.few(table, 5)
	return fmt.Sprintf(aside, few, "DELETE FROM "+few, table)
}

// truncate empties a table, sometimes two, and puts most rows of the first back.
func (s *scribbler) truncate() string {
	table, all := s.table(), ""
	if s.random.IntN(4) == 0 {
		all = ", subscriptions"
	}
	return fmt.Sprintf(aside, table+" TABLESAMPLE BERNOULLI (95)", "TRUNCATE "+table+all, table)
}
