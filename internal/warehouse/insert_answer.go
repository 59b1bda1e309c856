package warehouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// httpError hides the address with its parameters, which the URL error prints.
func (c *Client) httpError(ctx context.Context, q *statement, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("insert %s over http://%s: %w", q.id, c.cfg.HTTPAddr, err)
}

func answerError(resp *http.Response, body, queryID string) error {
	code, err := strconv.Atoi(resp.Header.Get("X-ClickHouse-Exception-Code"))
	if err != nil {
		return fmt.Errorf("insert %s: HTTP status %s: %s", queryID, resp.Status, strings.TrimSpace(body))
	}
	return newError(code, "", body, queryID)
}

// addSummary reads X-ClickHouse-Summary, whose numbers are quoted.
func (q *statement) addSummary(header string) {
	var s struct {
		ReadRows     uint64 `json:"read_rows,string"`
		ReadBytes    uint64 `json:"read_bytes,string"`
		WrittenRows  uint64 `json:"written_rows,string"`
		WrittenBytes uint64 `json:"written_bytes,string"`
	}
	if json.Unmarshal([]byte(header), &s) != nil {
		return
	}
	q.total.ReadRows, q.total.ReadBytes = s.ReadRows, s.ReadBytes
	q.total.WrittenRows, q.total.WrittenBytes = s.WrittenRows, s.WrittenBytes
}
