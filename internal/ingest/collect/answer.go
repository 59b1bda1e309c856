package collect

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// answer is what a client is told of its events.
type answer struct {
	status   int
	Success  bool      `json:"success,omitempty"` // where Segment's libraries look for it
	Accepted int       `json:"accepted"`
	Rejected []refused `json:"rejected"`
	// Ignored counts what carries no event, such as identify calls.
	Ignored int `json:"ignored,omitempty"`
}

// refused says which event was refused, and why.
type refused struct {
	Index   int          `json:"index"`
	Reason  event.Reason `json:"reason"`
	Pointer string       `json:"pointer"`
	Detail  string       `json:"detail"`
}

// refusal is why a whole request was not taken. Nothing of it is stored, or so
// that sending it again stores nothing twice.
type refusal struct {
	status int
	text   string
	retry  time.Duration // when to come back, 0 for never
	accept string        // encodings that would do
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, text: fmt.Sprintf(format, args...)}
}

func foreignOrigin() *refusal {
	return refuse(http.StatusForbidden, "pages of this origin may not send events; collect.origins lists those that may")
}

// busy asks to come back: the collector is full, or on its way out.
func busy(why string) *refusal {
	return &refusal{status: http.StatusServiceUnavailable, retry: time.Second,
		text: why + "; send the same request again, events that were stored already are recognised by their ids"}
}

func inFlightFull() error { return busy("the collector has as much in flight as it may") }

func writeAnswer(w http.ResponseWriter, a *answer) {
	if a.Rejected == nil {
		a.Rejected = []refused{}
	}
	writeJSON(w, a.status, a)
}

// writeRefusal gives the status that it wrote.
func writeRefusal(w http.ResponseWriter, err error) int {
	var r *refusal
	if !errors.As(err, &r) {
		r = refuse(http.StatusInternalServerError, "the collector failed; its log says why")
	}
	if r.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(r.retry.Seconds()))))
	}
	if r.accept != "" {
		w.Header().Set("Accept-Encoding", r.accept)
	}
	if r.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="tiendi"`)
	}
	writeJSON(w, r.status, map[string]string{"error": r.text})
	return r.status
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	text, err := encoded(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(text)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the client may be gone
}
