package warehousetest

import (
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

func testExchange(t *testing.T, c *warehouse.Client) {
	exec(t, c,
		"CREATE TABLE a (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO a VALUES (1)",
		"CREATE TABLE b (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO b VALUES (2)",
		"EXCHANGE TABLES a AND b")
	if a, b := one(t, c, "SELECT n FROM a"), one(t, c, "SELECT n FROM b"); a != uint8(2) || b != uint8(1) {
		t.Errorf("after the exchange a holds %v and b %v", a, b)
	}
}

func testPartitions(t *testing.T, c *warehouse.Client) {
	const columns = " (day Date, n UInt64) ENGINE = MergeTree PARTITION BY day ORDER BY n"
	exec(t, c,
		"CREATE TABLE live"+columns, "CREATE TABLE stage"+columns,
		"INSERT INTO live SELECT '2024-01-01', number FROM numbers(10)",
		"INSERT INTO live SELECT '2024-01-02', number FROM numbers(20)",
		"INSERT INTO stage SELECT '2024-01-01', number FROM numbers(5)",
		"ALTER TABLE live REPLACE PARTITION '2024-01-01' FROM stage")
	if n := number(t, c, "SELECT count() FROM live"); n != 25 {
		t.Errorf("%d rows after REPLACE PARTITION, want 25", n)
	}
	exec(t, c, "ALTER TABLE live ATTACH PARTITION '2024-01-01' FROM stage")
	if n := number(t, c, "SELECT count() FROM live WHERE day = '2024-01-01'"); n != 10 {
		t.Errorf("%d rows after ATTACH PARTITION FROM, want 10", n)
	}
	exec(t, c, "ALTER TABLE live ATTACH PARTITION ALL FROM stage", "CREATE TABLE copy CLONE AS live", "ALTER TABLE live DROP PARTITION '2024-01-02'")
	if live, copied := number(t, c, "SELECT count() FROM live"), number(t, c, "SELECT count() FROM copy"); live != 15 || copied != 35 {
		t.Errorf("%d rows live and %d in the clone, want 15 and 35", live, copied)
	}
}

func testMaterializedView(t *testing.T, c *warehouse.Client) {
	exec(t, c,
		"CREATE TABLE orders (store UInt32, amount Decimal(18, 2)) ENGINE = MergeTree ORDER BY store",
		"CREATE TABLE totals (store UInt32, amount Decimal(38, 2)) ENGINE = SummingMergeTree ORDER BY store",
		"CREATE MATERIALIZED VIEW totals_mv TO totals AS SELECT store, sum(amount) AS amount FROM orders GROUP BY store",
		"INSERT INTO orders VALUES (1, 1.10), (1, 2.20), (2, 3.30)",
		"INSERT INTO orders VALUES (1, 0.05)",
		"OPTIMIZE TABLE totals FINAL")
	if got := one(t, c, "SELECT toString(groupArray((store, amount))) FROM (SELECT * FROM totals ORDER BY store)"); got != "[(1,3.35),(2,3.3)]" {
		t.Errorf("totals %v", got)
	}
}
