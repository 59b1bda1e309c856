package warehouse

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Codes of ClickHouse errors that callers tell apart.
const (
	CodeUnknownTable         = 60
	CodeSyntaxError          = 62
	CodeUnknownDatabase      = 81
	CodeTableAlreadyExists   = 57
	CodeTimeoutExceeded      = 159
	CodeMemoryLimitExceeded  = 241
	CodeQueryWasCancelled    = 394
	CodeAuthenticationFailed = 516
)

// Error is what the server answered. Match it with errors.As.
type Error struct {
	Code    int    // ClickHouse error code
	Name    string // its name, such as UNKNOWN_TABLE; "" when unknown to this build
	Message string // without "DB::Exception" and version
	QueryID string

	line, col int
}

func (e *Error) Error() string {
	name := e.Name
	if name == "" {
		name = "error"
	}
	return fmt.Sprintf("%s (%s, code %d)", e.Message, name, e.Code)
}

// Position is the line and column, counted from 1, of a syntax error in the
// statement as it was sent; ok is false where the server names none.
func (e *Error) Position() (line, col int, ok bool) {
	return e.line, e.col, e.line > 0
}

// IsCode reports whether err is a server error with that code.
func IsCode(err error, code int) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// misfits are the codes of CANNOT_PARSE_TEXT, _DATE, _DATETIME, _NUMBER, _UUID and
// _ESCAPE_SEQUENCE, ILLEGAL_TYPE_OF_ARGUMENT, TYPE_MISMATCH,
// ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER, NO_COMMON_TYPE and ARGUMENT_OUT_OF_BOUND.
var misfits = []int{6, 38, 41, 72, 376, 25, 43, 53, 59, 386, 69}

// IsMisfit reports whether err is a server error about a value that is not of the type
// that is wanted, or beyond what is.
func IsMisfit(err error) bool {
	var e *Error
	return errors.As(err, &e) && slices.Contains(misfits, e.Code)
}

// serverError turns the driver's exception into Error and wraps anything else.
func serverError(err error, queryID string) error {
	var ex *clickhouse.Exception
	if !errors.As(err, &ex) {
		if m := unreadable().FindStringSubmatch(err.Error()); m != nil {
			return fmt.Errorf("query %s returns a column of type %s, which cannot be read: finish it with finalizeAggregation() or leave it out", queryID, m[1])
		}
		return fmt.Errorf("query %s: %w", queryID, err)
	}
	return newError(int(ex.Code), ex.CodeName, ex.Message, queryID)
}

var (
	unreadable    = lazyregexp.New(`unsupported column type "(AggregateFunction\(.*\))"`)
	versionSuffix = lazyregexp.New(`\s*\(version [^()]*(\([^()]*\))?[^()]*\)\s*$`)
	nameSuffix    = lazyregexp.New(`\s*\(([A-Z][A-Z0-9_]+)\)\s*$`)
	codePrefix    = lazyregexp.New(`^Code: \d+\. `)
	atLineCol     = lazyregexp.New(`(?s)failed at position (\d+).*? \(line (\d+), col (\d+)\)`)
	atPosition    = lazyregexp.New(`failed at position (\d+)`)
)

func newError(code int, name, message, queryID string) *Error {
	message = versionSuffix().ReplaceAllString(strings.TrimSpace(message), "")
	if m := nameSuffix().FindStringSubmatch(message); m != nil {
		name = m[1]
		message = strings.TrimSuffix(message, m[0])
	}
	message = codePrefix().ReplaceAllString(message, "")
	message = strings.TrimPrefix(message, "DB::Exception: ")
	if known := chproto.Error(code); name == "" && known.IsAError() {
		name = known.String()
	}
	e := &Error{Code: code, Name: name, Message: message, QueryID: queryID}
	e.line, e.col = position(message)
	return e
}

// position reads "failed at position 47 (x) (line 2, col 7)"; for statements of
// one line the server leaves the second part away.
func position(message string) (line, col int) {
	if m := atLineCol().FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[2])
		col, _ = strconv.Atoi(m[3])
		return line, col
	}
	if m := atPosition().FindStringSubmatch(message); m != nil {
		col, _ = strconv.Atoi(m[1])
		return 1, col
	}
	return 0, 0
}
