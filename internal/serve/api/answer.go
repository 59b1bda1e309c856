package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

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
	c.w.Header().Add("Vary", "Accept")
	if given, err := s.again(c, a.key, mediaTypes[a.Format]); given || err != nil {
		return err
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

// ask has the warehouse answer.
func (s *Server) ask(c *call, a *asking) error {
	compile := func() (semantic.Statement, error) {
		// One row more, to see whether there is a next page.
		statement, err := s.compile(a.question, a.stores, a.page.Offset+a.limit+1)
		if err != nil {
			err = asked(err)
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

// definitionsOf names what the metrics mean now.
func definitionsOf(m *semantic.Manifest) (string, error) {
	text, err := m.JSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}
