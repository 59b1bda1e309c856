package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/report"
)

// Hook is a page that takes reports by POST: an incoming webhook of Slack, or of one's own.
type Hook struct {
	URL    string
	Secret string // signs each body, "" for no signature
	Client *http.Client
	Now    func() time.Time
}

const (
	hookTimeout = 30 * time.Second
	maxReply    = 2 << 10 // bytes of an answer, of which a part is shown
	maxAfter    = time.Minute
)

// Connect gives a sender. Connections are the client's.
func (h *Hook) Connect() Sender { return h }

// Close does nothing.
func (h *Hook) Close() {}

// Send posts a message. Errors are *Failure, and do not hold the URL: whoever knows it may post.
func (h *Hook) Send(ctx context.Context, m *Message) error {
	body, err := json.Marshal(slackBody(m))
	if err != nil {
		return &Failure{err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return &Failure{err: errors.New("the webhook's URL is none"), Unreachable: true}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "tiendi")
	r.Header.Set("Idempotency-Key", m.ID)
	if h.Secret != "" {
		r.Header.Set("X-Tiendi-Signature", Sign(h.Secret, h.Now(), body))
	}
	resp, err := h.Client.Do(r)
	if err != nil {
		var named *url.Error
		if errors.As(err, &named) {
			err = named.Err
		}
		return &Failure{err: fmt.Errorf("webhook: %w", err), Temporary: true}
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if resp.StatusCode/100 == 2 {
		return nil
	}
	return &Failure{
		err:       fmt.Errorf("webhook: %s: %s", resp.Status, strings.ToValidUTF8(strings.TrimSpace(string(text)), "?")),
		Temporary: resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500,
		After:     retryAfter(resp.Header.Get("Retry-After")),
	}
}

// retryAfter reads the seconds of a Retry-After, a minute at most.
func retryAfter(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, maxAfter)
}

// Sign is the value of X-Tiendi-Signature: t=<Unix time>,v1=<HMAC-SHA256 of the time, a dot
// and the body, in hex>, which is Stripe's scheme.
func Sign(secret string, at time.Time, body []byte) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// slackText is a text of a block.
type slackText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type slackBlock struct {
	Type string    `json:"type"`
	Text slackText `json:"text"`
}

// maxSection is how many characters Slack takes in a section.
const maxSection = 2900

// slackBody is the message as Slack's incoming webhooks take it, and others that read text.
func slackBody(m *Message) any {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	subject := escape.Replace(m.Subject())
	lines := escape.Replace(strings.Join(report.Lines(m.Document, m.Language), "\n"))
	if runes := []rune(lines); len(runes) > maxSection {
		lines = string(runes[:maxSection]) + "…"
	}
	blocks := []slackBlock{{"section", slackText{"mrkdwn", "*" + subject + "*"}}}
	if lines != "" {
		blocks = append(blocks, slackBlock{"section", slackText{"mrkdwn", lines}})
	}
	return map[string]any{"text": subject + "\n" + lines, "blocks": blocks}
}
