package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// problem is an error as whoever asked reads it (RFC 9457).
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	// Request names the request in the audit log.
	Request string `json:"request,omitempty"`

	retry time.Duration // when to come back, 0 for never
	cause error         // for the log
}

func (p *problem) Error() string { return p.Title + ": " + p.Detail }

func (p *problem) Unwrap() error { return p.cause }

func refuse(status int, detail string) *problem {
	return &problem{Status: status, Title: http.StatusText(status), Detail: detail}
}

// later asks to come back.
func later(status int, after time.Duration, detail string) *problem {
	p := refuse(status, detail)
	p.retry = after
	return p
}

// failed hides what went wrong inside, which the log has.
func failed(status int, detail string, cause error) *problem {
	p := refuse(status, detail)
	p.cause = cause
	return p
}

// write answers with what went wrong, and gives the status.
func (p *problem) write(w http.ResponseWriter, request string) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="tiendi", error="invalid_token"`)
	}
	w.WriteHeader(p.Status)
	told := *p
	told.Request = request
	_ = json.NewEncoder(w).Encode(told) // nobody is there any more
}

// asProblem says what of an error is told.
func asProblem(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	return failed(http.StatusInternalServerError, "tiendi failed; its log says why", err)
}

// asked is what is told of an error that lies in the question.
func asked(err error) error {
	if p := (*problem)(nil); errors.As(err, &p) {
		return err
	}
	return refuse(http.StatusBadRequest, err.Error())
}

// trouble is what is told of an answer that the warehouse did not give.
func trouble(err error) error {
	switch {
	case warehouse.IsCode(err, warehouse.CodeTimeoutExceeded), errors.Is(err, context.DeadlineExceeded):
		return failed(http.StatusUnprocessableEntity, "the question takes longer than it may: ask for less time, or fewer dimensions", err)
	case warehouse.IsCode(err, warehouse.CodeMemoryLimitExceeded):
		return failed(http.StatusUnprocessableEntity, "the question takes more memory than it may: ask for less time, or fewer dimensions", err)
	case warehouse.IsMisfit(err):
		return failed(http.StatusBadRequest, "a condition compares what cannot be compared, or is none: look at the types of its dimensions and values", err)
	}
	return failed(http.StatusServiceUnavailable, "the warehouse did not answer", err)
}
