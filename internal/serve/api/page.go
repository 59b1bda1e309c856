package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// page is where a page of an answer begins, and of which version of the data it is.
type page struct {
	Offset  int    `json:"o"`
	Version string `json:"v"`
}

func (p page) cursor() string {
	text, _ := json.Marshal(p) // of a number and a string
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(text string) (p page, err error) {
	if text == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &p) != nil || p.Offset <= 0 || p.Offset > maxOffset || p.Version == "" {
		return p, refuse(http.StatusBadRequest, "cursor is not one that an answer gave")
	}
	return p, nil
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
