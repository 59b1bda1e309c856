package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// answerError is an answer that is no success.
type answerError struct {
	status int
	text   string
	retry  time.Duration // Retry-After
}

func (e *answerError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the receiver answers %d %s %s", e.status, http.StatusText(e.status), e.text))
}

// partial is an answer that takes some spans and refuses others.
type partial struct {
	spans int // refused
	text  string
}

func (p partial) Error() string { return "the receiver refuses them: " + p.text }

// post tries once.
func (e *exporter) post(ctx context.Context, body []byte) (partial, error) {
	ctx, cancel := context.WithTimeout(ctx, perTry)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return partial{}, err
	}
	for name, value := range e.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Content-Encoding", "gzip")
	response, err := e.client.Do(request)
	if err != nil {
		var with *url.Error // repeats the address, which may hold a secret
		if errors.As(err, &with) {
			err = with.Err
		}
		return partial{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case response.StatusCode/100 != 2:
		return partial{}, &answerError{response.StatusCode, fmt.Sprintf("%.200q", answer), retryAfter(response.Header)}
	case err != nil:
		return partial{}, nil // it was taken, whatever it goes on to say
	}
	return partialSuccess(answer), nil
}

// retryable says whether a post may be tried again, and when the receiver wants it:
// what did not reach it, and the four statuses that the specification names.
func retryable(err error) (after time.Duration, ok bool) {
	var answer *answerError
	switch {
	case err == nil:
		return 0, false
	case !errors.As(err, &answer):
		return 0, true
	}
	switch answer.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return answer.retry, true
	}
	return 0, false
}

// retryAfter reads seconds or a date.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// partialSuccess reads what a receiver says that takes a post. Those that answer in
// protobuf all the same say nothing that could be read.
func partialSuccess(answer []byte) partial {
	var a struct {
		PartialSuccess struct {
			RejectedSpans json.RawMessage `json:"rejectedSpans"` // a number, mostly as text
			ErrorMessage  string          `json:"errorMessage"`
		} `json:"partialSuccess"`
	}
	if json.Unmarshal(answer, &a) != nil {
		return partial{}
	}
	n, err := strconv.ParseUint(strings.Trim(string(a.PartialSuccess.RejectedSpans), `"`), 10, 31)
	if err != nil {
		return partial{}
	}
	return partial{int(n), a.PartialSuccess.ErrorMessage}
}
