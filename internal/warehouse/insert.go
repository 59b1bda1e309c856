package warehouse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxErrorBody bounds what is read of an answer; messages are far shorter.
const maxErrorBody = 64 << 10

// streamBuffer is what one insert holds of its source at a time, in bytes.
const streamBuffer = 256 << 10

// ErrNoHTTP is returned by InsertStream when Config.HTTPAddr is empty.
var ErrNoHTTP = errors.New("the warehouse's HTTP address is not known; set http_port (8123 by default) in the profile")

func newHTTPClient(t *tls.Config, conns int) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext,
		TLSClientConfig:     t,
		TLSHandshakeTimeout: dialTimeout,
		MaxIdleConnsPerHost: conns,
		WriteBufferSize:     streamBuffer,
		IdleConnTimeout:     time.Minute,
	}}
}

// InsertStream sends r as the data of "INSERT INTO t (columns) FORMAT X" and
// returns once the server has stored it. r is streamed; the server takes it in
// blocks, so an insert that fails may have stored earlier ones. Compressed data
// are declared by encoding: "", "gzip", "zstd", "lz4" or "br". A cancelled
// insert is gone from the server when InsertStream returns. After an error one
// last Read of r may still be going on; the reader of a pipe is closed. WithProgress has
// no effect here.
func (c *Client) InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...Option) (Stats, error) {
	if c.cfg.HTTPAddr == "" {
		return Stats{}, ErrNoHTTP
	}
	if err := c.acquire(ctx); err != nil {
		return Stats{}, err
	}
	defer c.release()
	q := newStatement(opts)
	body := pump(r)
	defer func() { _ = body.Close() }()
	// The HTTP client waits for its body to return before it gives up itself.
	defer context.AfterFunc(ctx, func() { _ = body.Close() })()
	resp, err := c.post(ctx, q, insert, body, encoding)
	if err != nil {
		c.kill(q.id)
		return q.stats(), c.httpError(ctx, q, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	if err != nil {
		c.kill(q.id)
		return q.stats(), c.httpError(ctx, q, err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("X-ClickHouse-Exception-Code") != "" {
		return q.stats(), answerError(resp, string(answer), q.id)
	}
	q.addSummary(resp.Header.Get("X-ClickHouse-Summary"))
	return q.stats(), nil
}

// pump reads r in a goroutine of its own, since a Read of r may last for ever, and
// that of a pipe ends when the pipe is closed.
func pump(r io.Reader) *io.PipeReader {
	if p, ok := r.(*io.PipeReader); ok {
		return p
	}
	pr, pw := io.Pipe()
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{pw}, struct{ io.Reader }{r}, make([]byte, streamBuffer))
		pw.CloseWithError(err)
	}()
	return pr
}

func (c *Client) post(ctx context.Context, q *statement, insert string, r io.Reader, encoding string) (*http.Response, error) {
	scheme := "http"
	if c.cfg.Secure {
		scheme = "https"
	}
	u := url.URL{Scheme: scheme, Host: c.cfg.HTTPAddr, Path: "/", RawQuery: c.params(q, insert).Encode()}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-ClickHouse-User", c.cfg.User)
	req.Header.Set("X-ClickHouse-Key", c.cfg.Password)
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	return c.http.Do(req)
}

func (c *Client) params(q *statement, insert string) url.Values {
	v := url.Values{}
	for name, value := range c.cfg.settings() {
		v.Set(name, settingText(value))
	}
	for name, value := range q.settings {
		v.Set(name, settingText(value))
	}
	if c.cfg.Database != "" {
		v.Set("database", c.cfg.Database)
	}
	v.Set("query_id", q.id)
	v.Set("query", insert)
	return v
}

func settingText(v any) string {
	if b, ok := v.(bool); ok {
		return strconv.Itoa(map[bool]int{true: 1}[b])
	}
	return fmt.Sprint(v)
}
