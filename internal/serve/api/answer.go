package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// keptBytes is the largest answer that is kept. Larger ones are sent as they come.
const keptBytes = 1 << 20

// errCut is an answer that failed after it had begun.
var errCut = errors.New("the answer was cut off")

// asking is a question on its way to its answer.
type asking struct {
	question
	stores  []event.ID
	page    page
	limit   int
	data    data
	key     string
	columns []column
}

// query answers GET and POST /v1/query.
func (s *Server) query(c *call) error {
	q, err := readQuestion(c.Request)
	if err != nil {
		return err
	}
	return s.give(c, q)
}

// give answers a question: from what the caller has, from what is kept, or by asking.
func (s *Server) give(c *call, q question) error {
	c.note("metrics", strings.Join(q.Metrics, ","))
	a, err := s.prepare(c, q)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Accept, Authorization")
	if c.has(a.key) {
		return nil
	}
	if kept := s.kept(c.Context(), a.key); kept != nil {
		c.note("cached", true)
		return c.send(mediaTypes[a.Format], kept)
	}
	return s.ask(c, a)
}

// prepare settles what is asked, and names its answer.
func (s *Server) prepare(c *call, q question) (*asking, error) {
	a := &asking{question: q, limit: orElse(q.Limit, min(defaultRows, s.limits.Rows))}
	if q.Limit < 0 || a.limit > s.limits.Rows {
		return nil, refuse(http.StatusBadRequest, fmt.Sprintf("limit: a page has 1 to %d rows", s.limits.Rows))
	}
	var err error
	if a.stores, err = c.stores(q.Stores); err != nil {
		return nil, err
	}
	if a.page, err = readCursor(q.Cursor); err != nil {
		return nil, err
	}
	if a.data, err = s.tables.now(c.Context()); err != nil {
		return nil, err
	}
	if a.page.Version != "" && a.page.Version != a.data.version {
		return nil, refuse(http.StatusGone, "the data have changed since the page before; begin again without a cursor")
	}
	a.key = a.question.key(a.stores, s.definitions, a.data.version)
	return a, nil
}

// has names the answer, and says whether the caller has it: then that is the answer.
func (c *call) has(tag string) bool {
	c.w.Header().Set("ETag", `"`+tag+`"`)
	if !matches(c.Header.Get("If-None-Match"), tag) {
		return false
	}
	c.status = http.StatusNotModified
	c.w.WriteHeader(c.status)
	return true
}

// matches says whether one of the tags of If-None-Match is that one (RFC 9110, 13.1.2).
func matches(header, key string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == `"`+key+`"` || tag == "*" {
			return true
		}
	}
	return false
}

// kept is the answer, if it is known. A store of answers that is away only costs time.
func (s *Server) kept(ctx context.Context, key string) []byte {
	if body := s.near.get(key); body != nil || s.options.Answers == nil {
		return body
	}
	body, err := s.options.Answers.Get(ctx, key)
	if err != nil {
		s.options.Log.Warn("answers are not found again: their store is away", "err", err)
		return nil
	}
	if body != nil {
		s.near.put(key, body)
	}
	return body
}

// keep remembers an answer, also for whoever asks after the one who has hung up.
func (s *Server) keep(ctx context.Context, key string, body []byte) {
	s.near.put(key, body)
	if s.options.Answers == nil {
		return
	}
	if err := s.options.Answers.Put(context.WithoutCancel(ctx), key, body); err != nil {
		s.options.Log.Warn("an answer is not kept: their store is away", "err", err)
	}
}

// send answers with a body that is whole.
func (c *call) send(media string, body []byte) error {
	c.w.Header().Set("Content-Type", media)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = c.w.Write(body) // nobody is there any more
	return nil
}

// ask has the warehouse answer.
func (s *Server) ask(c *call, a *asking) error {
	compile := func() (semantic.Statement, error) {
		// One row more, to see whether there is a next page.
		statement, err := s.compile(a.question, a.stores, a.page.Offset+a.limit+1)
		if p := (*problem)(nil); err != nil && !errors.As(err, &p) {
			err = refuse(http.StatusBadRequest, err.Error())
		}
		return statement, err
	}
	return s.read(c, a.data, a.stores, compile, func(columns []semantic.Column, rows *warehouse.Rows) error {
		a.columns = columnsOf(columns)
		out := &body{call: c, media: mediaTypes[a.Format]}
		n, err := a.encode(out, rows)
		c.note("rows", n)
		c.note("read_rows", rows.Stats().ReadRows)
		if err != nil {
			return out.fail(err)
		}
		return s.finish(c.Context(), a, out)
	})
}

// compile makes SQL of a question about these stores, nil for all.
func (s *Server) compile(q question, stores []event.ID, limit int) (semantic.Statement, error) {
	compiled, err := q.query(stores)
	if err != nil {
		return semantic.Statement{}, err
	}
	compiled.Limit = limit
	return s.options.Metrics.Compile(compiled)
}

// read asks the warehouse within the limits of the caller's tenant and behind its fence.
func (s *Server) read(c *call, d data, stores []event.ID, compile func() (semantic.Statement, error), use func([]semantic.Column, *warehouse.Rows) error) error {
	done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return err
	}
	defer done()
	statement, err := compile()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Context(), s.limits.Duration+time.Second)
	defer cancel()
	rows, err := s.options.Warehouse.Query(ctx, statement.SQL, s.fence(d, stores))
	if err != nil {
		return trouble(err)
	}
	defer func() { _ = rows.Close() }()
	return use(statement.Columns, rows)
}

// encode writes the page, and gives how many rows it has.
func (a *asking) encode(out *body, rows *warehouse.Rows) (n int, err error) {
	e, err := newEncoder(a.Format, out, a.columns)
	if err != nil {
		return 0, err
	}
	next := ""
	for at := 0; rows.Next(); at++ {
		if at < a.page.Offset {
			continue
		}
		if n == a.limit {
			next = page{Offset: a.page.Offset + a.limit, Version: a.data.version}.cursor()
			continue
		}
		values, err := rows.Values()
		if err == nil {
			err = e.row(cells(values, rows.Columns()))
		}
		if err != nil {
			return n, err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return n, trouble(err)
	}
	if next != "" && a.Format == "csv" && !out.begun {
		out.call.w.Header().Set("X-Next-Cursor", next)
	}
	return n, e.end(next)
}

// finish sends what was held back, and keeps it.
func (s *Server) finish(ctx context.Context, a *asking, out *body) error {
	if out.begun {
		return nil
	}
	if out.call.w.Header().Get("X-Next-Cursor") == "" {
		s.keep(ctx, a.key, out.held.Bytes())
	}
	return out.call.send(out.media, out.held.Bytes())
}

// trouble is what is told of an answer that the warehouse did not give.
func trouble(err error) error {
	const tooSlow, tooLarge = 159, 241 // TIMEOUT_EXCEEDED, MEMORY_LIMIT_EXCEEDED
	switch {
	case warehouse.IsCode(err, tooSlow), errors.Is(err, context.DeadlineExceeded):
		return failed(http.StatusUnprocessableEntity, "the question takes longer than it may: ask for less time, or fewer dimensions", err)
	case warehouse.IsCode(err, tooLarge):
		return failed(http.StatusUnprocessableEntity, "the question takes more memory than it may: ask for less time, or fewer dimensions", err)
	}
	for _, code := range misfits {
		if warehouse.IsCode(err, code) {
			return failed(http.StatusBadRequest, "a condition compares what cannot be compared, or is none: look at the types of its dimensions and values", err)
		}
	}
	return failed(http.StatusServiceUnavailable, "the warehouse did not answer", err)
}

// misfits are the engine's codes for values that are not of the type that is wanted:
// CANNOT_PARSE_TEXT, _DATE, _DATETIME, _NUMBER and _UUID, ILLEGAL_TYPE_OF_ARGUMENT,
// TYPE_MISMATCH, ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER and NO_COMMON_TYPE.
var misfits = []int{6, 38, 41, 72, 376, 43, 53, 59, 386}

// body holds an answer back until it is whole, or too large to be kept: then it is sent as
// it comes.
type body struct {
	call  *call
	media string
	held  bytes.Buffer
	begun bool
}

func (b *body) Write(p []byte) (int, error) {
	if !b.begun && b.held.Len()+len(p) <= keptBytes {
		return b.held.Write(p)
	}
	if !b.begun {
		b.begun = true
		b.call.w.Header().Set("Content-Type", b.media)
		if _, err := b.held.WriteTo(b.call.w); err != nil {
			return 0, err
		}
	}
	return b.call.w.Write(p)
}

// fail is the error of an answer, which may have begun.
func (b *body) fail(err error) error {
	if b.begun {
		return fmt.Errorf("%w: %w", errCut, err)
	}
	return err
}

// definitionsOf names what the metrics mean now.
func definitionsOf(m *semantic.Manifest) (string, error) {
	text, err := m.JSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}
