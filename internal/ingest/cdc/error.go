package cdc

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tiendi/tiendi/internal/postgres"
)

// errBusy: another process works on the slot. It may end.
var errBusy = errors.New("the slot is in use")

// ErrLost: changes are gone that were not read yet, or may be. Only a new snapshot helps.
var ErrLost = errors.New("changes are lost")

// lost says so, and what to do.
func lost(format string, args ...any) error {
	return fmt.Errorf("%w: %w\n  take a new snapshot, which makes everything right again: tiendi cdc --snapshot", ErrLost, fmt.Errorf(format, args...))
}

// explain names the database and says what to do.
func (d *database) explain(err error) error {
	if err == nil {
		return nil
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		err = postgres.Attempts(connecting)
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return fmt.Errorf("source database at %s: %w%s", d.host, err, advice(refused))
	}
	if connecting != nil {
		return fmt.Errorf("source database at %s: %w; check that the server runs and that cdc.url names its host and port", d.host, err)
	}
	return fmt.Errorf("source database at %s: %w", d.host, err)
}

// advice is what to do about a refusal.
func advice(e *pgconn.PgError) string {
	walsender := strings.Contains(e.Message, "walsender") || strings.Contains(e.Message, "replication")
	switch {
	case e.Code == "28P01", e.Code == "28000" && !walsender:
		return "\n  mend user and password in cdc.url, or the server's pg_hba.conf"
	case e.Code == "28000":
		return "\n  the server's pg_hba.conf must let this user in for this database, and have a line for it"
	case e.Code == "3D000":
		return "\n  create it with createdb, or mend cdc.url"
	case e.Code == "42501" && walsender:
		return "\n  the user needs the right to replicate: ALTER ROLE name REPLICATION (on Amazon RDS: GRANT rds_replication TO name)"
	case e.Code == "42501" && strings.Contains(e.Message, "must be owner"):
		return "\n  the tables' owner has to make the publication; tiendi cdc then uses it as it is"
	case e.Code == "42704" && strings.Contains(e.Message, "publication"):
		return "\n  PostgreSQL's log is from before the publication was made: begin anew by tiendi cdc --snapshot"
	case e.Code == "53400":
		return "\n  raise max_replication_slots and restart the server, or remove a slot that nobody needs: SELECT pg_drop_replication_slot(name)"
	}
	return ""
}

// passes says of an error whether the same may do later.
func passes(err error) bool {
	var refused *pgconn.PgError
	var network net.Error
	switch {
	case errors.Is(err, ErrLost):
		return false
	case errors.Is(err, errBusy), errors.Is(err, postgres.ErrUnavailable):
		return true
	case errors.As(err, &refused):
		return passingCode(refused.Code)
	}
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

// passingCode says so of an SQLSTATE. All but these mean that somebody has to do
// something first.
func passingCode(code string) bool {
	for _, class := range [...]string{
		"08",                               // the connection failed
		"25006",                            // a standby took over, or will
		"40",                               // serialization failure, deadlock
		"53000", "53100", "53200", "53300", // disk, memory or connections ran out
		"55006", // the slot is in use
		"55P03", // a lock was not to be had
		"57",    // somebody ended it, shuts down or starts up
	} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}

// code is the SQLSTATE of an error of PostgreSQL's, "" of any other.
func code(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
