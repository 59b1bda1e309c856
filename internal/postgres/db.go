package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	connectTimeout = 5 * time.Second
	closeTimeout   = 2 * time.Second
)

// begin opens a transaction. A worker that is stopped in the middle of one keeps
// its locks from its successor, so the server ends such a session.
const begin = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'"

// DB is a database, by a pool of connections. It is safe for concurrent use.
type DB struct {
	pool *pgxpool.Pool
	host string // host:port, of several the first
}

// Open connects to postgres://user:password@host:5432/database and waits for its
// first answer. The URL may have libpq's parameters, as sslmode, and
// pool_max_conns. An error is ErrUnavailable when another try may do.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The reason repeats parts of the URL, and so perhaps of the password.
		return nil, errors.New("PostgreSQL's URL cannot be read: write postgres://user:password@host:5432/database, " +
			"with @ / : # ? % in the password as %40 %2F %3A %23 %3F %25")
	}
	c := config.ConnConfig
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "tiendi"
	}
	db := &DB{host: net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))}
	if db.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, db.explain(ctx, err, false)
	}
	if err := db.pool.Ping(ctx); err != nil {
		db.pool.Close()
		return nil, db.explain(ctx, err, false)
	}
	return db, nil
}

// Close ends the connections. Transactions under way are waited for.
func (db *DB) Close() { db.pool.Close() }

// Host is where the database is, host:port.
func (db *DB) Host() string { return db.host }

// Version is the server's, as it writes it itself: "15.18".
func (db *DB) Version(ctx context.Context) (version string, err error) {
	err = db.Tx(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, "SHOW server_version").Scan(&version) })
	return version, err
}

// Tx runs f in a transaction of level READ COMMITTED. It is committed when f
// returns nil; f's own errors come back as they are, and those of the database say
// where it is and what to do. After ErrUnavailable nobody knows whether the
// transaction was committed.
func (db *DB) Tx(ctx context.Context, f func(pgx.Tx) error) error {
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return db.explain(ctx, err, false)
	}
	if err = f(tx); err == nil {
		err = tx.Commit(ctx)
	}
	if err == nil {
		return nil
	}
	err = db.explain(ctx, err, tx.Conn().IsClosed())
	// The caller's context may be over, and the connection should go back clean.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if undo := tx.Rollback(ending); undo != nil && !errors.Is(undo, pgx.ErrTxClosed) && !tx.Conn().IsClosed() {
		err = fmt.Errorf("%w (and the rollback failed: %w)", err, undo)
	}
	return err
}
