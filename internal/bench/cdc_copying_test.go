package bench

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// copying is a table of orders on its way into the warehouse.
type copying struct {
	*backends
	shop        *shop
	source      string // URL of the database that has it
	db          *pgx.Conn
	client      *warehouse.Client
	cdc, worker *service
	flags       []string // of the mirroring
}

// ordersTable is the marketplace's, with the number of a row to find it by. What is
// mirrored does not have it.
const ordersTable = `CREATE TABLE orders (id uuid PRIMARY KEY, store_id uuid, user_id uuid, status text, subtotal numeric(18, 2), delivery_fee numeric(18, 2),
	total numeric(18, 2), payment_method text, created_at timestamptz(3), updated_at timestamptz(3), n int);
CREATE PUBLICATION tiendi FOR TABLE orders (id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at);
INSERT INTO orders SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'ENTREGADO', n / 100.0, 5.9, n / 100.0 + 5.9, 'credit_card',
	'2026-01-01'::timestamptz + n * interval '1 second', '2026-01-02'::timestamptz + n * interval '1 second', n FROM generate_series(0, ROWS - 1) AS n;
CREATE INDEX ON orders (n);
`

func startCopying(b *testing.B) *copying {
	b.Helper()
	c := &copying{backends: startBackends(b)}
	c.shop = newShop(b, &c.warehouse)
	inDatabase(b, c.postgresURL(), "CREATE DATABASE source")
	c.source = strings.TrimSuffix(c.postgresURL(), "/postgres") + "/source"
	inDatabase(b, c.source, strings.Replace(ordersTable, "ROWS", strconv.Itoa(*cdcRows), 1))
	inDatabase(b, c.source, "VACUUM ANALYZE orders")
	var err error
	c.db, err = pgx.Connect(b.Context(), c.source)
	must(b, err)
	b.Cleanup(func() { _ = c.db.Close(context.Background()) })
	env := append(os.Environ(), "TIENDI_BROKER_PARTITIONS="+strconv.Itoa(pipelinePartitions), "TIENDI_BROKER_URL="+c.brokerURL(),
		"TIENDI_POSTGRES_URL="+c.postgresURL(), "TIENDI_CDC_URL="+c.source, "TIENDI_CDC_TABLES=orders")
	process := func(name string, args func() []string) *service {
		own := program{project: c.shop.project, state: filepath.Join(b.TempDir(), "state")}
		return newService(b, name, func() *exec.Cmd {
			cmd := own.command(context.Background(), append(args(), "--log-format", "json")...)
			cmd.Env = env
			return cmd
		})
	}
	c.cdc = process("cdc", func() []string { return append([]string{"cdc"}, c.flags...) })
	c.worker = process("worker", func() []string { return []string{"stream"} })
	c.shop.run(b, "run", "-q", "-s", "orders_raw")
	at := c.warehouse
	at.Database = "shop"
	c.client, err = warehouse.Open(b.Context(), at)
	must(b, err)
	b.Cleanup(func() { _ = c.client.Close() })
	must(b, c.worker.start())
	return c
}

func (c *copying) query(b *testing.B, sql string) {
	b.Helper()
	_, err := c.client.Exec(b.Context(), sql)
	must(b, err)
}

func (c *copying) count(b *testing.B, table string) int {
	b.Helper()
	n, err := strconv.Atoi(ask(b, c.client, "SELECT count() FROM "+table)[0][0])
	must(b, err)
	return n
}

// seen are those of some rows that are in the warehouse.
func (c *copying) seen(ctx context.Context, ids []string) (found []string, err error) {
	rows, err := c.client.Query(ctx, "SELECT toString(id) FROM orders_raw WHERE id IN (toUUID('"+strings.Join(ids, "'), toUUID('")+"'))")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		found = append(found, id)
	}
	return found, rows.Err()
}

// roots are the processes by name.
func (c *copying) roots(b *testing.B) map[string]int {
	all := c.backends.roots(b)
	all["cdc"], all["worker"] = c.cdc.pid(), c.worker.pid()
	return all
}
