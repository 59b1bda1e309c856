package cdc

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

const (
	connectTimeout = 10 * time.Second
	closeTimeout   = 2 * time.Second
)

// database is the source.
type database struct {
	config *pgx.ConnConfig
	host   string // host:port, of several the first
}

// sessionSettings make every session write values in the same way, whatever database,
// user and host have set: the key of a row decides its partition, so its text must be
// the same in the snapshot and in the log.
var sessionSettings = map[string]string{
	"application_name": "tiendi-cdc", "client_encoding": "UTF8", "search_path": "pg_catalog",
	"datestyle": "ISO, MDY", "intervalstyle": "postgres", "timezone": "UTC", "extra_float_digits": "1",
	"bytea_output": "hex", "standard_conforming_strings": "on", "quote_all_identifiers": "off", "xmlbinary": "base64",
	"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0", "default_transaction_read_only": "off",
}

func openDatabase(url string) (*database, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The reason repeats parts of the URL, and so perhaps of the password.
		return nil, errors.New("cdc.url cannot be read: write postgres://user:password@host:5432/database, " +
			"with @ / : # ? % in the password as %40 %2F %3A %23 %3F %25")
	}
	for name, value := range sessionSettings {
		config.RuntimeParams[name] = value
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // no prepared statements: they outlive a table's shape
	return &database{config: config, host: net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))}, nil
}

// connect opens an ordinary session.
func (d *database) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.config.Copy())
	return conn, d.explain(err)
}

// replicate opens a session that takes the commands of replication.
func (d *database) replicate(ctx context.Context) (*pgconn.PgConn, error) {
	config := d.config.Config.Copy()
	config.RuntimeParams["replication"] = "database"
	config.AfterNetConnect = gather
	conn, err := pgconn.ConnectConfig(ctx, config)
	return conn, d.explain(err)
}

// closing bounds what is done for tidiness.
func closing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
}

// endReplication ends a session of replication and waits until the server has ended it,
// too: its slot is free then, for whoever comes next.
func endReplication(conn *pgconn.PgConn) {
	defer closePgConn(conn)
	if conn.IsClosed() {
		return
	}
	wire := conn.Conn()
	conn.Frontend().Send(&pgproto3.Terminate{})
	if wire.SetDeadline(time.Now().Add(closeTimeout)) == nil && conn.Frontend().Flush() == nil {
		_, _ = io.Copy(io.Discard, wire) // to its end, or as long as that
	}
}

func closeConn(conn *pgx.Conn) { closePgConn(conn.PgConn()) }

func closePgConn(conn *pgconn.PgConn) {
	ctx, cancel := closing(context.Background())
	defer cancel()
	_ = conn.Close(ctx) // the server ends the session in any case
}
