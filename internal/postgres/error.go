package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrUnavailable: PostgreSQL cannot be reached, or does not do it now. Try again.
var ErrUnavailable = errors.New("PostgreSQL is not available")

// explain names the database and says what to do. lost says that the connection is
// gone. Errors that are not the database's stay as they are.
func (db *DB) explain(ctx context.Context, err error, lost bool) error {
	var refused *pgconn.PgError
	var connecting *pgconn.ConnectError
	var network net.Error
	if ctx.Err() != nil {
		return fmt.Errorf("PostgreSQL at %s: %w", db.host, ctx.Err())
	}
	if errors.As(err, &connecting) {
		err = Attempts(connecting)
	}
	switch {
	case errors.As(err, &refused) && passes(refused.Code):
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, db.host, err)
	case errors.As(err, &refused):
		return fmt.Errorf("PostgreSQL at %s: %w%s", db.host, err, advice(refused))
	case connecting != nil:
		return fmt.Errorf("%w: %s: %w; check that the server runs and that postgres.url names its host and port", ErrUnavailable, db.host, err)
	case lost, errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), pgconn.SafeToRetry(err):
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, db.host, err)
	}
	return err
}

// Attempts is why connecting failed: with TLS and without, to each host. Its text
// is one line that says each thing once, and nothing of the URL.
func Attempts(err *pgconn.ConnectError) error { return attempts{err.Unwrap()} }

type attempts struct{ error }

func (a attempts) Unwrap() error { return a.error }

func (a attempts) Error() string {
	var reasons []string
	for line := range strings.Lines(a.error.Error()) {
		line = strings.TrimSpace(line)
		// The client asks for TLS first, and goes on without where it may.
		if !slices.Contains(reasons, line) && !strings.HasSuffix(line, "server refused TLS connection") {
			reasons = append(reasons, line)
		}
	}
	return strings.Join(reasons, "; ")
}

// passes says of an SQLSTATE whether the same statement may do later. All but
// these few mean that somebody has to do something first, or that it is a bug.
func passes(code string) bool {
	for _, class := range [...]string{
		"08",    // the connection failed
		"25006", // a standby took over, or will
		"25P03", // this session did nothing for too long within a transaction
		"40",    // serialization failure, deadlock
		"53",    // disk, memory or connections ran out
		"55P03", // a lock was not to be had
		"57",    // somebody ended it, shuts down or starts up
		"58",    // the server's disk failed
	} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}

// advice is what to do about a refusal.
func advice(e *pgconn.PgError) string {
	switch e.Code {
	case "28P01", "28000":
		return "; mend user and password in postgres.url, or the server's pg_hba.conf"
	case "3D000":
		return "; create it with createdb, or mend postgres.url"
	case "42501":
		return "; the user needs CREATE on the database, once, and then nothing but its own schema tiendi"
	}
	return ""
}
